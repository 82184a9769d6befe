// The sentences by which people ask for no more messages, in English, Hindi (also in Latin letters), Swahili,
// Spanish and French: each a whole clause, folded and without apostrophes. A new way to say it is a new line here.
import { clause, type Sentences } from './clauses.ts'

const enText = '(?:sms|texts?|messages?|msgs?|notifications?|updates?|alerts?|reminders?|spam|stuff|broadcasts?)'
const enAny = '(?: any| all| more| these| those| the| this| your| such| me| us)*'
const enMe = '(?: (?:to )?(?:me|us|this number|this phone|my phone|my number))'
const enEver =
  '(?: any ?more| again| ever| every ?day| daily| now| immediately| at once| today| any longer| for ?ever| please' +
  '| courtesy| thanks)*'
// "Do not text me today" asks for a day of peace.
const enForGood = '(?: any ?more| again| ever| any longer| for ?ever| please| courtesy| thanks)*'
const enDoing = '(?:text|messag|contact|sms|spamm|bother|disturb|pester|writ|ping)ing'
// Not of calls: who wants none may still want texts.
const enDo = '(?:text|message|msg|contact|sms|spam|bother|write|ping)'
const enNot = '(?:do not|dont|do nt|never|no longer)'
const enLead =
  '(?:(?:i (?:want|would like|need|ask|beg) you(?: guys)? to|im asking you to|(?:can|could|would|will) you' +
  '|you (?:can|must|should|need to|have to)|i (?:want|wish|would like) to|id like to|let me)(?: please)? )?'
const enEnded = '(?:messages|texts|sms|alerts|notifications|subscription)'
const enMust = `(?:${enLead}|i need to |how (?:do|can) i )`
const enFrom =
  '(?: (?:from|off|out of|of)(?: this| the| these| your| all| that| any)*' +
  '(?: (?:mailing|contact|messag(?:e|ing)|sms|text|phone|broadcast))?' +
  '(?: lists?| service| texts?| messages?| sms| alerts?))'

const english = clause(
  `${enLead}(?:stop|quit|cease) ${enDoing}${enMe}?${enEver}`,
  `${enLead}(?:stop|quit|cease) sending(?: them| it)?${enAny}(?: ${enText})?${enMe}?${enEver}`,
  `${enMust}stop${enAny} ${enText}${enMe}?${enEver}`,
  `${enMust}(?:stop|quit) (?:getting|receiving)${enAny} ${enText}(?: from you)?${enEver}`,
  `${enMust}(?:turn|switch) off${enAny} ${enText}${enEver}`,
  `${enMust}(?:cancel|end)(?: all| my| the| these)* ${enEnded}${enEver}`,
  `${enNot} ${enDo}${enMe}${enForGood}`,
  `${enNot} (?:send|text|message)${enAny} ${enText}${enMe}?${enEver}`,
  `${enNot} send(?: me| us) (?:anything|any ?more)${enEver}`,
  `(?:i (?:want|need|would like) )?no more ${enText}${enMe}?(?: from you)?${enEver}`,
  `(?:i )?(?:do not|dont|no longer|never) (?:want|wish|need)(?: to (?:get|receive|have|see))?${enAny} ${enText}` +
    `(?: from you)?${enMe}?${enEver}`,
  `i (?:do not|dont|no longer) (?:want|wish) to be (?:texted|messaged|contacted)${enEver}`,
  `${enMust}(?:unsubscribe|unsub|optout)(?: me| us| this number| my number)?${enFrom}?${enEver}`,
  `(?:opt me out|i am opting out|im opting out|i optout|opting out|i unsubscribe)${enFrom}?${enEver}`,
  `${enLead}(?:remove|take|delete|drop) (?:me|us|my name|my number|my phone number|this number)${enFrom}${enEver}`,
  `${enLead}(?:remove me|remove my (?:name|number)|delete my number|lose my number|leave me alone)${enEver}`,
)

const hiText = '(?:संदेश|सन्देश|संदेशे|मैसेज|मेसेज|मैसेजेस|एसएमएस|एस एम एस|sms|messages?)'
const hiMe = '(?:मुझे|मुझको|हमें|मेरे को|मेरेको|(?:मेरे|इस) नंबर पर)'
const hiWho = `(?:(?:${hiMe}|और|अब|आगे से|आपके|सब|सारे|कोई|कोई भी|ये|यह|ऐसे|फिर|आप|दोबारा) )*`
// With "नहीं" only what bids: "मैसेज नहीं करना" says that she would write none herself.
const hiNot = '(?:मत|ना|न)'
const hiNever = '(?:नहीं|नही) (?:भेजो|भेजें|भेजिए|भेजिये|करो|करें|करिए)'
const hiSend = '(?:भेजो|भेजें|भेजिए|भेजिये|भेजना|भेजा करो|भेजा करें|करो|करें|करिए|करना)'
const hiDo = '(?:करो|करें|करिए|कीजिए|कीजिये|करना|कर दो|कर दें|कर दीजिए|कर दीजिये|करवा दो)'
const hiHalt = '(?:रोको|रोकें|रोकिए|रोक (?:दो|दें|दीजिए))'
const hiRemove = '(?:हटाओ|हटाएं|हटाइए|हटा दो|हटा दें|हटा दीजिए)'
const hiLatinText = '(?:sms|messages?|massages?|mesages?|messeges?|msgs?|mssg|sandesh|mesej)'
const hiLatinMe = '(?:mujhe|muje|mujhko|hume|hamein|mereko|mere ko)'
const hiLatinWho =
  `(?:(?:${hiLatinMe}|aur|ab|aage se|aa?pke|sab|saare|koi|koi bhi|ye|yeh|aise|phir|phir se|fir|fir se|dobara` +
  '|aa?p) )*'
const hiLatinNot = '(?:mat|na|naa)'
const hiLatinNo = '(?:nahi|nahin|nhi|nai)'
const hiLatinBid = '(?:bhejo|bhejiye|karo|kro|kariye|karein)'
const hiLatinSend =
  '(?:bhejo|bheje|bhejen|bhejein|bhejiye|bhejna|bheja karo|karo|kro|kare|karen|karein|kariye|karna|krna)'
const hiLatinDo = '(?:karo|kro|kare|karen|karein|kariye|kijiye|kar do|kardo|krdo|kar dijiye)'
const hiLatinRemove = '(?:hatao|hata do|hata dijiye|nikalo|nikal do)'

const hindi = clause(
  `${hiWho}${hiText} ${hiWho}(?:${hiNot} ${hiSend}|${hiNever})`,
  `${hiWho}${hiText} स्टॉप ${hiDo}`,
  `(?:स्टॉप|स्टाप|stop) ${hiDo}`,
  `${hiWho}${hiText} (?:(?:भेजना|करना) )?(?:बंद|बन्द) ${hiDo}`,
  `${hiWho}(?:भेजना|${hiText} भेजना) (?:${hiHalt}|बंद ${hiDo})`,
  `${hiWho}${hiText} ${hiHalt}`,
  `(?:मुझे|हमें) (?:परेशान|तंग) (?:${hiNot} ${hiDo}|${hiNever})`,
  `${hiWho}${hiText} (?:नहीं|नही) (?:चाहिए|चाहिये|चाहता|चाहती|चाहते)(?: हूं| हैं)?`,
  `(?:मुझे|हमें|मेरा नंबर|मेरा नाम) (?:इस |आपकी |अपनी )?(?:सूची|लिस्ट) (?:से|में से) ` +
    `(?:${hiRemove}|निकालो|निकालें|निकाल दो|निकाल दें)`,
  `मेरा नंबर (?:${hiRemove}|डिलीट ${hiDo})`,
  `${hiLatinWho}${hiLatinText} ${hiLatinWho}(?:${hiLatinNot} ${hiLatinSend}|${hiLatinNo} ${hiLatinBid})`,
  `${hiLatinWho}${hiLatinText} (?:(?:bhejna|karna|krna) )?(?:band|bandh|stop) ${hiLatinDo}`,
  `(?:band|bandh|stop) ${hiLatinDo} ${hiLatinWho}${hiLatinText}`,
  `stop ${hiLatinDo}`,
  `${hiLatinWho}${hiLatinText} (?:roko|rok do|rok dijiye)`,
  `${hiLatinWho}${hiLatinText} ${hiLatinNo} (?:chahiye|chahie|chaiye|chaie)`,
  `${hiLatinMe} (?:pareshan|tang) (?:${hiLatinNot}|${hiLatinNo}) ${hiLatinDo}`,
  `(?:${hiLatinMe}|mera number) (?:(?:is|apni|aapki) )?list se ${hiLatinRemove}`,
  `mera number (?:${hiLatinRemove}|delete ${hiLatinDo})`,
)

// Not "taarifa": it is what she reports as well.
const swText = '(?:ujumbe|jumbe|meseji|mesej|messages?|msgs?|texts?|sms|matangazo)'
const swWhich =
  '(?: tena| zaidi| wenu| zenu| wako| zako| huu| hizi| hizo| yoyote| wowote| zozote| hapa| kabisa| sasa| kutoka kwenu)*'
const swStop = '(?:acha|acheni|wacha|wacheni|koma|komeni|stop)'
const swSendNot = '(?:usinitumie|msinitumie|usinitumieni|msitutumie|usitutumie|usiniandikie|msiniandikie)'
const swNumber = '(?:nambari|namba|number) yangu'
const swRemove = '(?:niondoe|niondoeni|mniondoe)'
const swList =
  '(?:kwenye|katika|kutoka(?: kwenye| katika)?|toka)(?: hii)? (?:orodha|listi|list)(?: hii| hiyo| yenu| yako)?'

const swahili = clause(
  `${swStop}(?: sasa| tafadhali)? (?:kunitumia|kututumia|kuniandikia)(?: ${swText})?${swWhich}`,
  `(?:sitisha|sitisheni|simamisha|simamisheni|komesha|zuia|zuieni) (?:kutuma )?${swText}${swWhich}`,
  // "Acha ujumbe" is what a telephone asks for: leave a message.
  `(?:acha|acheni|wacha|wacheni) (?:kutuma ${swText}|(?:sms|msgs?|jumbe|meseji) (?:hizi|hizo|zenu))${swWhich}`,
  `(?:acha|acheni) (?:hizi|hizo) (?:sms|msgs?|jumbe|meseji)${swWhich}`,
  `${swStop} (?:kunisumbua|kutusumbua)${swWhich}`,
  '(?:usinisumbue|msinisumbue|msitusumbue)(?: tena| kabisa| zaidi)+',
  // Alone it may be money that shall not be sent.
  `${swSendNot}(?: tena| kabisa| zaidi|(?: tena)? ${swText})${swWhich}`,
  `(?:msitume|usitume) ${swText}${swWhich}`,
  `(?:nataka|ningependa) kuacha kupokea ${swText}${swWhich}`,
  `(?:usinitumie|msinitumie) (?:chochote|kitu)${swWhich}`,
  `(?:mimi )?(?:sitaki|hatutaki|sihitaji)(?: tena)?(?: kupokea| kupata| kutumiwa)?(?: tena)? ${swText}${swWhich}`,
  `(?:${swRemove}|nitoe|nitoeni|(?:ondoa|toa) (?:jina langu|${swNumber})) ${swList}`,
  `(?:futa|ondoa) ${swNumber}`,
  swRemove,
  `(?:nataka|ningependa) (?:kujiondoa|kujitoa) (?:${swList}|(?:kwenye|katika|kutoka) ${swText}${swWhich})`,
)

const esText = '(?:mensajes?|sms|textos?|mensajitos?|avisos?|notificaciones|msjs?|whatsapps?)'
const esAny = '(?: mas| estos| esos| sus| tus| los| las| ningun| ninguno| ya| de)*'
const esEver =
  '(?: mas| nunca| jamas| ya| por favor| tuyos| suyos| de ustedes| a este numero| a mi numero| courtesy)*'
const esSending = '(?:enviar|mandar|escribir|contactar|molestar|textear)(?:me|nos)?'
const esSend =
  '(?:escriba|escriban|escribas|escribais|mande|manden|mandes|mandeis|envie|envien|envies|envieis' +
  '|contacte|contacten|contactes|textee|texteen)'
const esStop = '(?:deja|deje|dejen|dejad|para|pare|paren|parad)'
const esWant = '(?:quiero|deseo|necesito|queremos)'
const esTake =
  '(?:quitame|quiteme|quitenme|borrame|borreme|borrenme|eliminame|elimineme|eliminenme|sacame|saqueme|saquenme)'
const esFrom = '(?: de (?:esta|la|su|tu|sus|vuestra)(?: lista| servicio| listas)| del servicio| de los mensajes)'

const spanish = clause(
  `(?:ya )?no (?:me|nos) ${esSend}${esAny}(?: ${esText})?${esEver}`,
  `no (?:envie|envien|envies|mande|manden|mandes)${esAny} ${esText}${esEver}`,
  `(?:${esStop}|basta)(?: ya)? de (?:enviar|mandar)(?:me|nos)?${esAny}(?: ${esText})?${esEver}`,
  `${esStop}(?: ya)? de ${esSending}${esEver}`,
  `(?:basta|pare|paren|detenga|detengan)(?: ya)?(?: con| de)?${esAny} ${esText}${esEver}`,
  `(?:yo )?(?:ya )?no ${esWant}(?: recibir| que me lleguen| ver)?${esAny} ${esText}${esEver}`,
  `no mas ${esText}${esEver}`,
  `(?:stop|parar|detener|dejar de (?:enviar|mandar)|no (?:enviar|mandar))${esAny} ${esText}${esEver}`,
  `no (?:me|nos) (?:moleste|molesten|molestes) (?:mas|nunca|jamas)${esEver}`,
  '(?:quiero )?(?:desuscribir|desuscribirme)|desuscribeme|desuscribame|desuscribanme',
  `no (?:me|nos) ${esSend}(?: mas)? nada${esEver}`,
  `no ${esWant} que (?:me|nos) ${esSend}${esAny} ${esText}${esEver}`,
  // Not "me manden": that may be money.
  `(?:ya )?no ${esWant} que (?:me|nos) (?:escriba|escriban|escribas|contacte|contacten|contactes)${esEver}`,
  `(?:ya )?no ${esWant} recibir(?: mas)? nada${esEver}`,
  `${esWant} que ${esStop}n? de (?:enviar|mandar|escribir)(?:me|nos)?${esAny}(?: ${esText})?${esEver}`,
  `(?:cancelar|cancele|cancelen)(?: los| mis| estos)? ${esText}${esEver}`,
  `(?:${esWant}|quisiera|prefiero|me gustaria) (?:dejar de|no) recibir${esAny} ${esText}${esEver}`,
  `(?:quiero |quisiera |deseo |solicito )?(?:darme|dame|deme|denme|dadme|me doy|dar) de baja${esFrom}?`,
  `(?:como me doy|me quiero dar) de baja${esFrom}?`,
  `(?:cancelar|cancele|cancelen|cancela)(?: mi| la)? suscripcion`,
  `${esTake}${esFrom}`,
  `(?:quita|quite|quiten|borra|borre|borren|elimina|elimine|eliminen) mi (?:numero|nombre)${esFrom}`,
  `(?:dejame|dejeme|dejenme) en paz`,
)

const frText = '(?:messages?|sms|textos?|msgs?|notifications?|alertes|rappels)'
const frAny = '(?: des| de| d| vos| tes| ces| les| tous| aucun| aucuns| autres| plus|daucun)*'
const frMe = '(?:m ?|me |nous |n ?)'
const frEver = '(?: jamais| svp| a ce numero| a mon numero| de votre part| desormais| courtesy)*'
const frSending = '(?:envoyer|ecrire|contacter|deranger|harceler|texter|spammer|embeter|importuner)'
const frSend = '(?:envoyez|envoie|envoies|ecrivez|ecris|contactez|contacte|contactes|textez)'
const frLead = '(?:veuillez |priere de |de |d ?|(?:pouvez|pourriez) vous )?'
const frWish = '(?:je (?:veux|souhaite|voudrais|desire|prefere)|jaimerais)'
const frStop = '(?:arrete|arretez|arreter|stoppez|cesse|cessez)'
const frList = '(?: de (?:cette|la|votre|vos|ta)(?: liste| listes)| des listes)'

const french = clause(
  `${frLead}${frStop}(?: donc)? (?:de |d ?)${frMe}?${frSending}${frAny}(?: ${frText})?${frEver}`,
  `(?:${frStop}|stop)(?: aux)?${frAny} ${frText}${frEver}`,
  `(?:ne )?${frMe}${frSend} plus${frEver}${frAny}(?: ${frText})?${frEver}`,
  `(?:ne )?${frMe}${frSend} pas${frAny} ${frText}${frEver}`,
  `(?:je me (?:desabonne|desinscris)|comment (?:je )?me (?:desabonner|desabonne|desinscrire))${frList}?`,
  `n ?envoyez plus${frAny} ${frText}${frEver}`,
  `(?:ne )?${frMe}${frSend} (?:plus )?rien${frEver}`,
  `je veux pas${frAny} ${frText}${frEver}`,
  `${frLead}ne plus ${frMe}?${frSending}${frAny}(?: ${frText})?${frEver}`,
  `${frWish} ne plus (?:recevoir|avoir)${frAny} ${frText}${frEver}`,
  '(?:veuillez |de |d ?)arreter',
  `${frStop} tout`,
  `plus aucun ${frText}${frEver}`,
  `je ne (?:veux|souhaite|desire) (?:plus|pas)(?: recevoir| avoir)?${frAny} ${frText}${frEver}`,
  `je (?:veux|souhaite|desire) (?:plus|pas) recevoir${frAny} ${frText}${frEver}`,
  `je (?:ne )?(?:veux|souhaite|desire) (?:plus|pas) etre contactee?${frEver}`,
  `(?:${frWish} |${frLead})(?:me )?(?:desabonner|desinscrire)${frList}?`,
  `(?:desabonnez|desabonne|desinscrivez|desinscris) moi${frList}?`,
  `(?:retirez|retire|enlevez|enleve|supprimez|supprime|effacez)(?: moi| mon numero| mon nom)${frList}`,
  '(?:supprimez|supprime|effacez|effacer|supprimer) mon numero',
  `(?:laissez|laisse|fichez|foutez) moi (?:tranquille|(?:en|la) paix)`,
)

/** One pattern per language; a clause that one of them matches whole asks us to stop. */
export const optOutSentences: Sentences = { en: english, hi: hindi, sw: swahili, es: spanish, fr: french }
