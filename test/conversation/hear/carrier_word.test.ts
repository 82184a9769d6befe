import { describe, expect, it } from 'vitest'
import { asksToStop, carrierWord, isReservedWord } from '../../../src/conversation/hear/carrier_word.ts'
import { expectFast } from './expect_fast.ts'

describe('carrierWord', () => {
  it.each(['STOP', ' stop ', 'StopAll', 'unsubscribe', 'CANCEL', 'end', 'quit\n', 'Revoke', 'optout'])(
    '%j stops',
    (text) => expect(carrierWord(text)).toBe('stop'),
  )
  it.each(['start', 'YES', 'unstop'])('%j starts', (text) => expect(carrierWord(text)).toBe('start'))
  it.each(['help', 'INFO '])('%j helps', (text) => expect(carrierWord(text)).toBe('help'))
  it.each(['stop.', 'please stop', 'stop 1', 'ſtop', 'yes please', 'remove', '', 'ＳＴＯＰ', 'constructor'])(
    '%j is nothing to the carrier',
    (text) => expect(carrierWord(text)).toBeUndefined(),
  )
})

describe('isReservedWord', () => {
  it.each(['Stop', 'YES', 'info', 'Remove', 'ARRÊT', 'td', 'parar', 'Opt out'])('%j is taken', (word) =>
    expect(isReservedWord(word)).toBe(true),
  )
  it.each(['JOIN', 'LEAVE', 'MENU', 'ON', 'OFF', 'UNDO', 'ERASE', '1', 'BACK', 'DONE'])('%j is free', (word) =>
    expect(isReservedWord(word)).toBe(false),
  )
})

describe('asksToStop', () => {
  it.each([
    'Stop',
    'STOP!',
    'stop please',
    'Stop. Thank you ',
    'STOP STOP STOP',
    'Cancel.',
    'ＳＴＯＰ',
    'please stop texting me',
    'I sent my report already. Stop texting me',
    "Stop sending messages. I don't want you to share my data",
    'Stop messaging me, my earnings are my business',
    'Pls stop messaging me now!!',
    'Hi, can you please stop sending me these messages? Thanks',
    'i want you to stop texting this number',
    'do not message me any more',
    'Don’t text me again',
    'dont send me any more messages',
    "I don't want to receive your texts",
    'I no longer wish to get messages from you',
    'no more texts please',
    'opt out',
    'I would like to opt out of these messages',
    'opt-out',
    'remove me from this list',
    'take me off your list',
    'Please delete my number',
    'unsubscribe me please',
    'This is annoying. Stop texting me.',
    'leave me alone',
    'I want to stop receiving messages',
    'I would like to stop getting texts',
    'How do I stop these messages?',
    'turn off messages',
    'How do I unsubscribe?',
    'how do I opt out of these messages',
    'I need to stop these messages',
    'How do I cancel messages',
    'please stop sending them',
    'stop sending me messages every day',
    'I want no more messages',
    'take me off the mailing list',
  ])('English: %j', (text) => expect(asksToStop(text)).toBe(true))

  it.each([
    'मुझे संदेश मत भेजो',
    'कृपया मुझे और मैसेज न भेजें।',
    'संदेश बंद करो',
    'मैसेज भेजना बंद कर दीजिए',
    'मुझे संदेश नहीं चाहिए',
    'मुझे इस सूची से हटा दो',
    'mujhe message mat bhejo',
    'message band karo',
    'रोको',
    'स्टॉप',
    'मुझे परेशान मत करो',
    'मैसेज रोक दीजिए',
    'संदेश भेजना रोक दीजिए',
    'मुझे मैसेज करना बंद करो',
    'message karna band karo',
    'मुझे आपके मैसेज नहीं चाहिए',
    'ये सब मैसेज बंद करो',
  ])('Hindi: %j', (text) => expect(asksToStop(text)).toBe(true))

  it.each([
    'acheni kunitumia ujumbe',
    'Tafadhali acha kunitumia meseji',
    'usinitumie ujumbe tena',
    'msinitumie sms zaidi',
    'sitaki kupokea ujumbe wenu',
    'sitaki meseji zenu tena',
    'niondoe kwenye orodha hii',
    'sitisha ujumbe',
    'naomba mniondoe',
    'nataka kuacha kupokea ujumbe',
    'msitume ujumbe',
    'sitaki kupokea ujumbe kutoka kwenu',
  ])('Swahili: %j', (text) => expect(asksToStop(text)).toBe(true))

  it.each([
    'no me escriban más',
    'Por favor, no me envíen más mensajes',
    'deje de enviarme mensajes',
    'dejen de mandarme más mensajes por favor',
    'no quiero recibir más mensajes',
    'no más mensajes',
    'quiero darme de baja',
    'quítenme de la lista',
    'deja de escribirme',
    'quiero dejar de recibir mensajes',
    'no quiero que me manden mensajes',
    'quiero que dejen de mandarme mensajes',
    '¿Cómo me doy de baja?',
    'no me manden nada',
    'cancelar mensajes',
  ])('Spanish: %j', (text) => expect(asksToStop(text)).toBe(true))

  it.each([
    "arrêtez de m'envoyer des messages",
    'arretez de m’écrire svp',
    'ne m’envoyez plus de messages',
    'ne me contactez plus',
    "s'il vous plaît, arrêtez les messages",
    'je ne veux plus recevoir vos messages',
    'je veux me désabonner',
    'désabonnez-moi',
    'retirez-moi de cette liste',
    'STOP aux messages',
    "veuillez arrêter de m'envoyer des messages",
    "merci de ne plus m'envoyer de messages",
    'je souhaite ne plus recevoir de messages',
    "merci d'arrêter",
    'veuillez me désabonner',
    "ne m'envoyez pas de messages",
    'je me désabonne',
    'comment me désabonner',
  ])('French: %j', (text) => expect(asksToStop(text)).toBe(true))

  it.each([
    '',
    '1',
    '8.5 1900 300',
    'the bus stop price was 20',
    "don't stop",
    'do not stop texting me',
    "please don't stop sending messages",
    'stop light',
    'stop 12345',
    'stop sharing my data',
    'bus stop',
    'when does the vote end',
    'when will the messages stop?',
    'how do I cancel my report',
    'cancel my report please',
    'end of message',
    'end of shift 8',
    'Count me in! We have got to STOP this now, all of us!',
    'I did not get the message',
    'send me the message again',
    'do not count my vote',
    "I don't want to sell the data",
    'no more than 300',
    'I want to receive messages',
    'I never got messages from you',
    'remove me from the vote roll',
    'text me any more news',
    'I stopped at 5',
    'non stop',
    'I want to stop smoking',
    'no',
    'how do I turn off ON 1',
    'OFF 1',
    'No message today',
    'Voted. No sms',
    'No updates today',
    'Sorry, I need to stop texting now',
    'how can I delete my number?',
    'Text me, dont call me',
    'SMS is fine, do not WhatsApp me',
    'Do not disturb me, sleeping after night shift',
    'Already sent. stop calling me',
    'Please remove my name from the vote list',
    'take me off the standby list',
    'stop, drop and roll',
    'मुझे संदेश भेजो',
    'वोट बंद करो',
    'बंद 2',
    'बंद',
    'सब बंद करो',
    '2. बंद करो',
    'इसे रोक दो',
    'haan, sab bandh karo',
    'पेट्रोल पंप बंद करो',
    'संदेश नहीं मिला',
    'acha',
    'accha',
    'nitumie ujumbe',
    'usinitumie pesa',
    'sitaki kuuza',
    'niondoe kwenye kura',
    'Nitoe?',
    'Usinitumie hapa, tumia mpesa',
    'usinitumie sasa, niko kazini',
    'quiero más mensajes',
    'no quiero vender',
    'parada de bus',
    'je veux plus de messages',
    'arrêt de bus 20',
    'ne vendez plus',
    'je veux recevoir plus de messages',
    'merci de me rappeler',
    "Écrivez-moi, ne m'appelez plus",
    'Escríbanme por aquí, no me llamen',
    'Estoy manejando, no me molesten',
    'quiero que me manden mensajes',
    'Stop sending my prices to the buyers. Stop sending them',
    'my data, stop sending it',
    'मेरा डेटा शहर को मत भेजो। भेजना बंद करो',
    'acheni kutuma taarifa',
    "don't text me today",
    'remove me from your database',
  ])('not: %j', (text) => expect(asksToStop(text)).toBe(false))

  it('takes a word that is plain in her language only', () => {
    expect(asksToStop('Acha!', 'sw')).toBe(true)
    expect(asksToStop('acha', 'hi')).toBe(false)
    expect(asksToStop('baja', 'es')).toBe(true)
    expect(asksToStop('baja', 'en')).toBe(false)
    expect(asksToStop('¡Alto, por favor!', 'es')).toBe(true)
    expect(asksToStop('alto', 'en')).toBe(false)
    expect(asksToStop('más alto', 'es')).toBe(false)
    expect(asksToStop('por favor paren', 'es')).toBe(true)
  })

  it('stays fast on 10,000 characters made to be slow', () => {
    const parts = [
      'a',
      'stop ',
      'stop sending any ',
      'a.',
      '\u0901',
      'no me escriban mas ',
      'stop sending any all more, ',
    ]
    for (const part of parts) {
      const long = part.repeat(10_000 / part.length)
      expectFast(() => {
        asksToStop(long)
      })
    }
  })
})
