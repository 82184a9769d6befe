import { describe, expect, it } from 'vitest'
import { asksToStop } from '../../../src/conversation/hear/carrier_word.ts'
import { asksToWithdraw } from '../../../src/conversation/hear/withdrawal_sentences.ts'

describe('asksToWithdraw', () => {
  it.each([
    'stop sharing my data',
    'Please stop using my data',
    "Don't sell my data!",
    'do not share my information with anyone',
    "I don't want you to use my data any more",
    'I do not want my data shared with the city',
    'my data should not be sold',
    'No more data sharing',
    'Hi. Can you stop sharing my reports please?',
    'turn off data sharing',
    'OFF my data',
    'withdraw my consent',
    'I want to withdraw consent',
    'Stop. Do not use my data',
    'stop sharing data',
    'Stop sharing my prices',
    'do not share my phone number',
    "I don't want my fares published",
    "I don't consent",
    'I no longer agree',
    "I don't agree any more",
    'take back my permission',
  ])('English: %j', (text) => expect(asksToWithdraw(text)).toBe(true))

  it.each([
    'मेरा डेटा किसी को मत दो',
    'मेरी जानकारी मत बेचो',
    'मेरा डेटा इस्तेमाल मत करो',
    'कृपया मेरा डाटा शेयर न करें',
    'मैं अपना डेटा देना नहीं चाहती',
    'मेरा डेटा देना बंद करो',
    'मैं अपनी सहमति वापस लेती हूँ',
    'mera data mat becho',
    'Mera data kisi ko mat dena',
    'mera data share mat karo',
    'apna data nahi dena chahta',
    'mera data share karna band karo',
    'data sharing band karo',
    'मेरा डेटा बंद करो',
    'मेरा नंबर किसी को मत दो',
    'मेरी कमाई मत बताओ',
    'data band karo',
    'mera data bandh kro',
    'mera data share nai krna',
    'meri jankari nhi dena',
    'mera number kisi ko mat do',
    'meri kamai mat batao',
  ])('Hindi: %j', (text) => expect(asksToWithdraw(text)).toBe(true))

  it.each([
    'acheni kutumia data yangu',
    'Tafadhali acha kuuza taarifa zangu',
    'msitumie data yangu tena',
    'sitaki data yangu itumike',
    'Sitaki kushiriki data yangu tena',
    'data yangu isiuzwe',
    'zima data yangu',
    'naondoa ridhaa yangu',
    'msishare namba yangu',
    'acheni kushare data yangu',
    'sitaki mtumie data yangu',
    'msitoe bei zangu',
    'msimpe mtu namba yangu',
    'sikubali data yangu itumike',
  ])('Swahili: %j', (text) => expect(asksToWithdraw(text)).toBe(true))

  it.each([
    'no compartan mis datos',
    'Dejen de usar mis datos, por favor',
    'ya no quiero compartir mis datos',
    'no quiero que vendan mis datos',
    'Retiro mi consentimiento',
    'quiero dejar de compartir mis datos',
    'no quiero seguir compartiendo mis datos',
  ])('Spanish: %j', (text) => expect(asksToWithdraw(text)).toBe(true))

  it.each([
    'arrêtez de partager mes données',
    'Ne vendez pas mes données',
    'je ne veux plus partager mes données',
    'je ne veux pas que mes données soient vendues',
    'je retire mon consentement',
    "n'utilisez pas mes données",
    'n’utilisez plus mes données',
    "Arrêtez d'utiliser mes données",
    'cessez d’utiliser mes données',
    'arrêtez le partage de mes données',
    'stop au partage de mes données',
    'je souhaite retirer mon consentement',
  ])('French: %j', (text) => expect(asksToWithdraw(text)).toBe(true))

  it.each([
    'who sees my data?',
    'is my data sold?',
    'I want to share my data',
    'why do you want me to stop sharing my data with my union',
    'do not sell our data',
    'share my data',
    'stop sending me reports',
    'data',
    'my data',
    'delete my data',
    'मेरा डेटा कौन देखता है',
    'mera data share karo',
    'data yangu itumike',
    'nani anaona data yangu',
    'quiero compartir mis datos',
    'je veux partager mes données',
    "don't stop using my data",
    "I don't agree",
    'my phone number has changed',
    'share my prices',
    'bei yangu ni 45',
    'nataka kushare data yangu',
    'mera number kya hai',
    'मेरी कमाई 1900',
    'kamai 1900',
  ])('not: %j', (text) => expect(asksToWithdraw(text)).toBe(false))

  it.each([
    'stop sharing my data',
    'acheni kutumia data yangu',
    'mera data share karna band karo',
    'zima data yangu',
  ])('is no wish for silence: %j', (text) => expect(asksToStop(text, 'sw')).toBe(false))
})
