// Wishes to be erased and to leave, as people text them; and what only sounds like one.
import { describe, expect, test } from 'vitest'
import { partingIn } from '../../../src/conversation/hear/parting_sentences.ts'

describe('erasing', () => {
  test.each([
    ...[
      'delete my data',
      'Please erase all my data.',
      'remove everything you have about me',
      'can you delete my account?',
    ],
    ...['I want my data deleted', 'erase my data from your system please'],
    ...['मेरा डेटा मिटाओ', 'मेरा सारा डेटा डिलीट कर दो', 'मेरी जानकारी हटा दो', 'मिटाओ मेरा डेटा'],
    ...['mera data delete karo', 'mera sara data hata do', 'mera account delete kar do'],
    ...[
      'futa data yangu',
      'Tafadhali futa data yangu yote',
      'naomba mfute taarifa zangu',
      'nataka data yangu ifutwe',
    ],
    ...['borren mis datos', 'quiero que eliminen mis datos', 'elimina mi cuenta'],
    ...['¿Pueden borrar mis datos?', 'quiero que se borren mis datos', 'suprimid mis datos'],
    ...['supprimez mes données', 'effacez toutes mes données', 'je veux que vous supprimiez mes données'],
    ...['Pouvez-vous supprimer mes données ?', 'veuillez effacer mes données'],
    ...["je demande l'effacement de mes données", 'merci de supprimer mon compte'],
  ])('%s', (text) => {
    expect(partingIn(text)).toBe('erase')
  })

  test.each([
    'delete the last one',
    'stop sharing my data',
    'my data',
    'futa',
    'futa ripoti ya leo',
    'mera data',
    '8 1900 300',
  ])('not: %s', (text) => expect(partingIn(text)).not.toBe('erase'))
})

describe('leaving', () => {
  test.each([
    ...['I want to leave', 'i want to leave the co-op', 'how do I leave?', "I'm leaving the group"],
    ...['मुझे समिति छोड़ना है', 'mujhe chodna hai'],
    ...['nataka kujitoa', 'nataka kuondoka kwenye ushirika', 'najitoa'],
    ...['quiero salir de la cooperativa', 'je veux quitter la coopérative'],
    ...['ya no quiero ser miembro', 'quiero darme de baja de la cooperativa', 'me salgo del grupo'],
    ...['je ne veux plus être membre', 'je veux sortir du groupe', 'sitaki tena kuwa mwanachama'],
  ])('%s', (text) => {
    expect(partingIn(text)).toBe('leave')
  })

  test.each([
    'leave me alone',
    'I want to leave a message',
    'I leave at 8',
    'toka saa mbili',
    'quiero salir a las 8',
    'quiero ser miembro',
    'je veux être membre',
    'nataka kuwa mwanachama',
    'quiero darme de baja',
  ])('not: %s', (text) => expect(partingIn(text)).not.toBe('leave'))
})
