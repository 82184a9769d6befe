// The sentences by which people ask that what is held of them be erased, or say that they want to leave, in English,
// Hindi (also in Latin letters), Swahili, Spanish and French: each a whole clause. Neither does it by itself: a wish to
// be erased can be taken back until somebody has done it, and leaving asks once more.
import { clause, clausesOf, type Sentences, saysOneOf } from './clauses.ts'

const enLead =
  '(?:(?:i want(?: you)? to|i would like(?: you)? to|id like(?: you)? to|(?:can|could|will|would) you' +
  '|how (?:do|can) i|you (?:must|should)) )?'
const enHeld =
  '(?:(?:all|all of|everything about|any of) )?my (?:personal |private )?' +
  '(?:data|info|information|details|records?|account|profile)'
const enNow = '(?: (?:now|please|completely|for ?ever|from (?:your|the) (?:system|records|database|phone)))*'
const enGroup = '(?: (?:the|this|your))?(?: (?:co ?op|co operative|cooperative|group|union|society|membership))?'

const eraseInEnglish = clause(
  `${enLead}(?:erase|delete|remove|wipe|destroy|clear) ${enHeld}${enNow}`,
  `${enLead}(?:erase|delete|remove) (?:everything|all)(?: that)? you (?:have|hold|keep|know)` +
    `(?: (?:about|on|of) me)?${enNow}`,
  `i want ${enHeld} (?:to be )?(?:erased|deleted|removed|gone)${enNow}`,
)
const leaveInEnglish = clause(
  `(?:i (?:want|would like|wish|need) to|id like to|i will|ill|let me|how (?:do|can) i) ` +
    `(?:leave|exit|quit)${enGroup}`,
  `i am leaving${enGroup}|im leaving${enGroup}`,
  `(?:i (?:do not|dont|no longer) want to be a member|end my membership|cancel my membership)(?: any ?more)?`,
)

const hiHeld = '(?:सारा |सारी |सब |पूरा |पूरी )?(?:डेटा|डाटा|जानकारी|रिकॉर्ड|खाता|अकाउंट)'
const hiDo = '(?:करो|करें|करिए|कीजिए|कर दो|कर दें|कर दीजिए|करना है|करवाना है)'
const hiErase = `(?:(?:मिटा|हटा)(?:ओ|एं|इए| दो| दें| दीजिए|ना है)|(?:डिलीट|delete) ${hiDo})`
const hiLatinHeld =
  '(?:sara |saara |sari |saari |sab |pura |poora )?(?:data|deta|jankari|jaankari|record|account|khata)'
const hiLatinDo = '(?:karo|kare|karen|kariye|kijiye|kar do|kar den|kar dijiye|krdo|kro|karna hai|karwana hai)'
const hiLatinErase = `(?:(?:mita|hata)(?:o|iye| do| den| dijiye)|(?:delete|erase|remove) ${hiLatinDo})`

const eraseInHindi = clause(
  `(?:मेरा|मेरी|मेरे|अपना|अपनी) ${hiHeld} ${hiErase}`,
  `${hiErase} (?:मेरा|मेरी) ${hiHeld}`,
  `(?:mera|meri|mere|apna|apni) ${hiLatinHeld} ${hiLatinErase}`,
)
const leaveInHindi = clause(
  '(?:(?:मुझे|मैं) )?(?:(?:समिति|सहकारी|ग्रुप|समूह|यह|ये) )?छोड(?:ना (?:है|चाहता हूं|चाहती हूं)| रहा हूं| रही हूं)',
  '(?:(?:mujhe|main|mai) )?(?:(?:samiti|group|samuh|ye|yeh) )?(?:chhodna|chodna|chhorna) ' +
    '(?:hai|h|chaht[ai] hun?)',
)

const swHeld = '(?:data|taarifa|rekodi|kumbukumbu|akaunti)(?: yangu| zangu)(?: yote| zote)?'
const eraseInSwahili = clause(
  `(?:tafadhali )?(?:futa|futeni|ondoa|ondoeni|nifutie|nifutieni|mnifutie)(?: zote)? ${swHeld}`,
  `(?:(?:nataka|ningependa) )?(?:ufute|mfute|kufuta|uondoe|muondoe|kuondoa) ${swHeld}`,
  `(?:nataka )?${swHeld} (?:ifutwe|zifutwe|iondolewe|ziondolewe)`,
)
const leaveInSwahili = clause(
  '(?:(?:nataka|ningependa) )?(?:kuondoka|kujitoa|kujiondoa|kutoka)(?: (?:kwenye|katika))?' +
    '(?: (?:ushirika|chama|kikundi|kundi|uanachama))?',
  '(?:mimi )?sitaki(?: tena)? kuwa mwanachama(?: tena)?|(?:nataka|ningependa) kuacha uanachama',
  '(?:najitoa|najiondoa)(?: (?:kwenye|katika))?(?: (?:ushirika|chama|kikundi|kundi|uanachama))?',
)

const esHeld = '(?:todos )?(?:mis datos|mi informacion|mi cuenta)(?: personales)?'
const esWish = '(?:quiero|quisiera|deseo|solicito)'
const esBeErased = '(?:borre|borren|elimine|eliminen|suprima|supriman)'
const eraseInSpanish = clause(
  `(?:borra|borrad|elimina|eliminad|suprime|suprimid|${esBeErased}) ${esHeld}`,
  `(?:${esWish} |(?:puede|pueden|podria|podrian) )?(?:borrar|eliminar|suprimir) ${esHeld}`,
  `${esWish} que (?:se )?${esBeErased} ${esHeld}`,
)
const leaveInSpanish = clause(
  '(?:me )?(?:quiero|quisiera|deseo) (?:salir|salirme|irme|dejar)(?: de)?' +
    '(?: la (?:cooperativa|red)| el grupo|l grupo)?',
  '(?:ya )?no quiero ser (?:miembro|socia|socio)(?: mas)?',
  '(?:me voy|me salgo|me doy de baja|(?:quiero|quisiera|deseo) darme de baja) (?:de la (?:cooperativa|red)|del grupo)',
)

const frHeld = '(?:toutes )?(?:mes (?:donnees|informations|infos)|mon compte)(?: personnelles)?'
const frWish = '(?:je (?:veux|souhaite|voudrais)|jaimerais)'
const eraseInFrench = clause(
  `(?:efface|effacez|supprime|supprimez|detruisez) ${frHeld}`,
  `(?:${frWish} |veuillez |de |(?:pouvez|pourriez) vous )?(?:effacer|supprimer|detruire) ${frHeld}`,
  `${frWish} que vous (?:effaciez|supprimiez|detruisiez) ${frHeld}`,
  `je demande (?:leffacement|la suppression) de ${frHeld}`,
)
const leaveInFrench = clause(
  `${frWish} (?:quitter|partir|sortir)(?: (?:de )?(?:la cooperative|la coop|le groupe)| du groupe)?`,
  'je (?:ne )?(?:veux|souhaite) plus etre (?:membre|adherente?)',
  'je demissionne',
  'je quitte (?:la cooperative|la coop|le groupe)',
)

const erasing: Sentences = {
  en: eraseInEnglish,
  hi: eraseInHindi,
  sw: eraseInSwahili,
  es: eraseInSpanish,
  fr: eraseInFrench,
}
const leaving: Sentences = {
  en: leaveInEnglish,
  hi: leaveInHindi,
  sw: leaveInSwahili,
  es: leaveInSpanish,
  fr: leaveInFrench,
}

// Most texts are a digit or a line of figures: one look spares them the sentences.
const isSentence = /[\p{L}\p{M}]{4}/u

/** Whether a clause asks that what is held of her be erased. */
export const isErasing = (clause: string): boolean => saysOneOf(erasing, [clause])

/** What a person plainly asks for, in any of the five languages: to be erased, or to be a member no more. */
export function partingIn(text: string): 'erase' | 'leave' | undefined {
  if (!isSentence.test(text)) return undefined
  const clauses = clausesOf(text)
  if (saysOneOf(erasing, clauses)) return 'erase'
  return saysOneOf(leaving, clauses) ? 'leave' : undefined
}
