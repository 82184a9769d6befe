// What the doctor finds at the carrier: whether it takes our API key, and whether PUBLIC_URL leads to us. It sends
// nothing.
import { isPretended, type Settings, type Twilio } from '../../config.ts'
import type { Running } from '../../store/instance.ts'
import { type Access, askAccess } from '../../twilio/access.ts'
import { bad, type Finding, good, odd } from './findings.ts'

/** Looks at Twilio's settings by asking; where there are none, says whose count instead. */
export async function examineCarrier(settings: Settings, running: Running | undefined): Promise<Finding[]> {
  const { twilio, timing } = settings
  if (!twilio) return [withoutSettings(running)]
  return [
    ...(isPretended(twilio)
      ? [odd(`the carrier is pretended, at ${twilio.apiBase}: nobody is really reached`)]
      : []),
    ofAccess(twilio, await askAccess({ ...twilio, timeoutMs: timing.send })),
    odd(
      'TWILIO_AUTH_TOKEN cannot be tried from here, only the first webhook shows whether it is right: where it is ' +
        'not, the log says request_rejected, "the signature does not hold"',
    ),
    await reachable(`${twilio.publicUrl}/healthz`),
  ]
}

function withoutSettings(running: Running | undefined): Finding {
  if (!running)
    return odd("none of Twilio's settings is set: npm start brings a pretend carrier, web and worker refuse")
  if (running.carrierUrl) return good(`the carrier is pretended, at ${running.carrierUrl}`)
  return odd(
    "the running one has Twilio's settings and these were not tried: run the doctor with the same settings",
  )
}

function ofAccess({ accountSid, apiBase = 'https://api.twilio.com' }: Twilio, access: Access): Finding {
  switch (access.access) {
    case 'granted':
      return good(`the carrier at ${apiBase} takes the API key of account ${accountSid}`)
    case 'refused':
      return ofRefusal(accountSid, apiBase, access)
    case 'silence':
      return bad(
        `the carrier at ${apiBase} does not answer (${access.why}): let this machine reach it, or mend TWILIO_API_BASE`,
      )
    case 'stranger':
      return bad(
        `what answers at ${apiBase} is not the carrier: mend TWILIO_API_BASE, or unset it for Twilio itself`,
      )
  }
}

function ofRefusal(accountSid: string, base: string, { status, code }: Access & { access: 'refused' }): Finding {
  const said = `the carrier at ${base} answers HTTP ${status}${code === undefined ? '' : `, error ${code}`}`
  if (status === 401)
    return bad(
      `${said}: TWILIO_API_KEY and TWILIO_API_SECRET are no key of account ${accountSid}; make one at Twilio`,
    )
  if (status === 403)
    return bad(`${said}: the API key may not read messages, or the account is suspended; see to it at Twilio`)
  if (status === 404) return bad(`${said}: it knows no account ${accountSid}; mend TWILIO_ACCOUNT_SID`)
  return odd(`${said}, so the API key was not tried: run the doctor again in a while`)
}

async function reachable(url: string): Promise<Finding> {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'manual' })
    if (status === 200) return good(`${url} is reached`)
    return bad(`${url} answers ${status}: PUBLIC_URL must lead to the web process, without a redirect`)
  } catch {
    return bad(`${url} does not answer: is the web process running, and does PUBLIC_URL lead to it?`)
  }
}
