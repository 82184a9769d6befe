// Everything a step can establish, in the past tense. Each room owns its facts; this file only joins them, so that
// the one place that records facts can be checked for completeness by the compiler.
import { z } from 'zod'
import { consentFacts } from './consents/facts.ts'
import { memberFacts } from './members/facts.ts'
import { reportFacts } from './reports/facts.ts'
import { voteFacts } from './votes/facts.ts'

export const fact = z.discriminatedUnion('fact', [...memberFacts, ...consentFacts, ...reportFacts, ...voteFacts])
export type Fact = z.infer<typeof fact>
export type FactName = Fact['fact']
export type FactOf<Name extends FactName> = Extract<Fact, { fact: Name }>
