// The sentences by which people ask that their data be used no more, in English, Hindi (also in Latin letters),
// Swahili, Spanish and French: each a whole clause of her own data, never of "our". They lead to the uses that she may
// switch off, and switch nothing off by themselves.
import { clause, clausesOf, type Sentences, saysOneOf } from './clauses.ts'

const enData =
  '(?:any of |all of |all )?my (?:personal )?(?:data|info|information|details|figures|reports|records|prices?' +
  '|earnings|fares?|(?:phone |mobile )?number)'
const enUsing = '(?:shar|us|sell|giv|pass|collect|publish|show)ing(?: away| out| on)?'
const enUse = '(?:share|use|sell|give|pass|publish|show)(?: away| out| on)?'
const enUsed = '(?:shared|used|sold|given(?: away| out)?|passed on|published|shown)'
const enWho =
  '(?: (?:with|to|by|for) (?:anyone|anybody|others|other people|the city|the government|companies|anything)' +
  '| any ?more| any longer| again| at all| please| now)*'
const enLead = '(?:(?:i want|i would like|id like|can|could|will|would) (?:you )?(?:to )?|(?:please )?)'
const enNot = '(?:do not|dont|never|no longer)'

const english = clause(
  `${enLead}(?:stop|quit|cease) ${enUsing} (?:${enData}|(?:the )?data)${enWho}`,
  `${enNot} ${enUse} ${enData}${enWho}`,
  `i (?:do not|dont|no longer) (?:want|wish|like)(?: you| anyone)? to ${enUse} ${enData}${enWho}`,
  `i (?:do not|dont|no longer) (?:want|wish|like) ${enData} (?:to be )?${enUsed}${enWho}`,
  `${enData} (?:must not|should not|may not|cannot|can not|cant|shouldnt|mustnt) be ${enUsed}${enWho}`,
  `(?:no more|stop)(?: the| all)? (?:data )?sharing(?: of)?(?: ${enData})?${enWho}`,
  `${enLead}(?:turn|switch) off (?:all )?(?:the )?(?:data )?(?:sharing|use|uses)(?: of ${enData})?${enWho}`,
  `(?:turn |switch )?off (?:all )?${enData}(?: sharing| use)?${enWho}`,
  '(?:(?:i want to|id like to|how do i|how can i|i) )?(?:withdraw|take back)(?: all)?(?: my)? (?:consent|permission)s?',
  // "I don't agree" alone may answer the question of a vote.
  'i (?:(?:do not|dont) (?:consent|agree to (?:this|it|share|sharing)|agree any ?more)|no longer (?:consent|agree))' +
    `(?: ${enData})?(?: any ?more| to this)?`,
)

const hiData = '(?:डेटा|डाटा|जानकारी|नंबर|कमाई)'
const hiMy = '(?:(?:मेरा|मेरी|मेरे|अपना|अपनी) )'
const hiWho = '(?:(?:किसी (?:को|के साथ|से)|किसी को भी|अब|आगे से|भी) )*'
const hiNot = '(?:मत|न|ना|नहीं)'
const hiUse = '(?:बताओ|बताएं|बताना|दो|दें|दीजिए|दीजिये|देना|बांटो|बांटें|बेचो|बेचें|बेचिए|बेचना|भेजो|भेजें)'
const hiWith = '(?:शेयर|साझा|इस्तेमाल|उपयोग|यूज)'
const hiDo = '(?:करो|करें|करिए|कीजिए|कीजिये|करना|कर दो|कर दें|कर दीजिए)'
const hiWish = '(?:(?: (?:चाहता|चाहती|चाहते))?(?: (?:हूं|हैं|है))?)'
const hiLatinMy = '(?:(?:mera|meri|mere|apna|apni) )'
const hiLatinWho = '(?:(?:kisi ko|kisi ke saath|kisi ke sath|ab|aage se|bhi) )*'
const hiLatinData = '(?:data|deta|jankari|jaankari|info|details|number|kamai)'
const hiLatinNot = '(?:mat|na|naa|nahi|nahin|nhi|nai)'
const hiLatinUse = '(?:do|de|dijiye|dena|becho|beche|bechna|bhejo|batao|batana)'
const hiLatinWith = '(?:(?:share|use|istemal|sell) )?'
const hiLatinDo = '(?:karo|kro|kare|karen|karein|kariye|kijiye|karna|krna|kar do|kardo|krdo|kar dijiye)'

const hindi = clause(
  `${hiMy}${hiData} ${hiWho}${hiNot} ${hiUse}${hiWish}`,
  `${hiMy}${hiData} (?:का )?${hiWho}(?:${hiWith} )?${hiNot} (?:${hiWith} )?${hiDo}${hiWish}`,
  `(?:मैं )?${hiMy}${hiData} ${hiWho}(?:देना|बेचना|${hiWith} करना) नहीं(?: (?:चाहता|चाहती))?(?: हूं)?`,
  `${hiMy}${hiData} (?:का |की )?(?:देना|बेचना|${hiWith}|${hiWith} करना) (?:बंद|बन्द) ${hiDo}`,
  `(?:मैं )?(?:अपनी |मेरी )?सहमति वापस (?:लेता|लेती|लेना|ले लो|लो|करो)${hiWish}`,
  `${hiMy}?(?:डेटा|डाटा) (?:बंद|बन्द) ${hiDo}`,
  `(?:main )?${hiLatinMy}${hiLatinData} ${hiLatinWho}${hiLatinNot} ${hiLatinUse}(?: (?:chahta|chahti|hai|hu|hun))*`,
  `${hiLatinMy}${hiLatinData} ${hiLatinWho}${hiLatinWith}${hiLatinNot} ${hiLatinWith}${hiLatinDo}` +
    '(?: (?:chahta|chahti|hai|hu|hun))*',
  `data (?:share|use) (?:mat|na) ${hiLatinDo}`,
  `${hiLatinMy}?(?:data|deta)(?: (?:share|sharing|use|istemal|dena|bechna)(?: karna| krna)?)? (?:band|bandh|stop) ` +
    hiLatinDo,
)

const swData = '(?:data|taarifa|habari|takwimu|ripoti|bei|namba|nambari)(?: yangu| zangu)'
const swStop = '(?:acha|acheni|wacha|wacheni|koma|komeni|sitisha|sitisheni)'
const swUsing = '(?:kushare|kushea|kutumia|kutoa|kuuza|kushiriki|kushirikisha|kusambaza|kugawa)'
const swNotUse =
  '(?:usitumie|msitumie|usitoe|msitoe|usiuze|msiuze|usishare|msishare|usishiriki|msishiriki|usishirikishe' +
  '|msishirikishe|usisambaze|msisambaze|usigawe|msigawe)'
const swBeUsed =
  '(?:itumike|zitumike|itumiwe|zitumiwe|iuzwe|ziuzwe|itolewe|zitolewe|ishirikishwe|zishirikishwe|isambazwe' +
  '|zisambazwe)'
const swMore = '(?: tena| kabisa| kwa mtu| kwa watu| kwa mtu yeyote| na mtu yeyote| sasa| popote)*'

const swahili = clause(
  `${swStop} ${swUsing} ${swData}${swMore}`,
  `${swNotUse} ${swData}${swMore}`,
  `(?:mimi )?(?:sitaki|sipendi|sikubali)(?: tena)? ${swData} ${swBeUsed}${swMore}`,
  `(?:mimi )?(?:sitaki|sipendi)(?: tena)? (?:${swUsing}|mtumie|mtoe|muuze|mshiriki|mshare) ${swData}${swMore}`,
  `(?:usimpe|msimpe|msiwape|usiwape) (?:mtu|watu|wengine|mtu yeyote) ${swData}${swMore}`,
  `${swData} (?:isi|zisi)(?:tumike|tumiwe|uzwe|tolewe|shirikishwe|sambazwe)${swMore}`,
  `zima ${swData}${swMore}`,
  '(?:naondoa|natengua|nabatilisha|nataka kuondoa|nataka kutengua) (?:ridhaa|idhini|kibali)(?: yangu| changu)?',
)

const esData = '(?:todos )?(?:mis datos|mi informacion|mis reportes)'
const esUsing = '(?:compartir|usar|utilizar|vender|dar|publicar)'
const esUse =
  '(?:comparta|compartan|compartas|compartais|use|usen|uses|utilice|utilicen|utilices|venda|vendan|vendas' +
  '|den|publique|publiquen)'
const esMore = '(?: con nadie| a nadie| mas| nunca| ya| por favor| courtesy)*'

const spanish = clause(
  `(?:ya )?(?:deja|deje|dejen|dejad|para|pare|paren)(?: ya)? de ${esUsing} ${esData}${esMore}`,
  `(?:ya )?no ${esUse} ${esData}${esMore}`,
  `(?:ya )?no (?:quiero|deseo) ${esUsing} ${esData}${esMore}`,
  `(?:ya )?no (?:quiero|deseo) que (?:se )?${esUse} ${esData}${esMore}`,
  `(?:ya )?no (?:quiero|deseo) seguir (?:compartiendo|dando|vendiendo) ${esData}${esMore}`,
  `(?:quiero|quisiera|deseo) dejar de ${esUsing} ${esData}${esMore}`,
  '(?:retiro|revoco|(?:quiero|quisiera|deseo) (?:retirar|revocar)) mi (?:consentimiento|permiso)',
)

const frData = '(?:toutes )?mes (?:donnees|informations|infos)'
const frStop = '(?:arrete|arretez|arreter|cesse|cessez)'
const frUsing = '(?:partager|utiliser|vendre|donner|publier|diffuser)'
const frUse = '(?:partagez|partage|utilisez|utilise|vendez|vends|donnez|donne|publiez|diffusez)'
const frUsed = '(?:partagees|utilisees|vendues|donnees|publiees|diffusees)'
const frMore = '(?: avec personne| a personne| a quiconque| svp| desormais| courtesy)*'

const french = clause(
  `${frStop} (?:de |d ?)${frUsing} ${frData}${frMore}`,
  `(?:${frStop}|stop) (?:au|le) partage de ${frData}${frMore}`,
  `(?:ne |n ?)?${frUse} (?:pas|plus) ${frData}${frMore}`,
  `je (?:ne )?(?:veux|souhaite) (?:pas|plus) ${frUsing} ${frData}${frMore}`,
  `je (?:ne )?(?:veux|souhaite) (?:pas|plus) que ${frData} soient ${frUsed}${frMore}`,
  `je (?:ne )?(?:veux|souhaite) (?:pas|plus) que vous (?:partagiez|utilisiez|vendiez|donniez) ${frData}${frMore}`,
  'je (?:retire|(?:veux|souhaite|voudrais) retirer) mon (?:consentement|accord)',
)

const sentences: Sentences = { en: english, hi: hindi, sw: swahili, es: spanish, fr: french }

// Most texts are a digit or a line of figures: one look spares them the sentences.
const subjects = [
  ...['data', 'info', 'detail', 'figure', 'report', 'record', 'consent', 'sharing', 'prices?', 'earning', 'fare'],
  ...['number', 'permission', 'agree', 'deta', 'jaa?nkari', 'kamai', 'bei [yz]angu', 'namba', 'नंबर', 'कमाई'],
  ...['डेटा', 'डाटा', 'जानकारी', 'सहमति', 'taarifa', 'habari', 'takwimu', 'ripoti', 'ridhaa', 'idhini', 'kibali'],
  ...['datos', 'permiso', 'donn[eé]es', 'accord'],
]
const aboutData = new RegExp(subjects.join('|'), 'iu')

/** Whether a person plainly asks that her data be used no more, in any of the five languages. */
export const asksToWithdraw = (text: string): boolean =>
  aboutData.test(text) && saysOneOf(sentences, clausesOf(text))
