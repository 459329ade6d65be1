import { describe, expect, it } from 'vitest'
import type { AuditLine } from '@/api/types'
import { i18n } from '@/lib/i18n'
import { auditEn } from '@/lib/i18n/audit.en'
import { queryOf, spanOf } from './search'
import { actions, detailOf, subjectOf, targetOf, whoOf } from './words'

const line = (over: Partial<AuditLine>): AuditLine => ({ id: 'l1', place: 3, time: '2026-01-31T08:00:00Z', by: 'u1', name: 'Ada', action: 'incident.comment', subject: 'in-1', ...over })

describe('actions', () => {
  it('are those that the catalogue has words for', () => {
    const listed = Object.entries(actions).flatMap(([group, names]) => names.map((name) => `action.${group}.${name}`))
    expect(listed.sort()).toEqual(Object.keys(auditEn).filter((key) => key.startsWith('action.')).sort())
    for (const group of Object.keys(actions)) expect(auditEn).toHaveProperty([`auditgroup.${group}`])
  })
})

describe('a line in words', () => {
  const en = i18n('en')
  it('names who, to what, and where that leads', () => {
    const commented = line({ detail: { number: 7, text: 'seen' } })
    expect([whoOf(en, commented), subjectOf(en, commented), targetOf(commented), detailOf(en, commented)]).toEqual(['Ada', '#7', { to: '/incidents/$id', id: 'in-1' }, 'Text: seen'])
  })
  it('tells those who are not signed in, and whoever did it to themselves', () => {
    expect(whoOf(en, line({ by: 'nobody', name: '' }))).toBe('Somebody not signed in')
    expect(subjectOf(en, line({ action: 'user.password', subject: 'u1' }))).toBe('Ada')
    expect(subjectOf(en, line({ action: 'session.refuse', by: 'nobody', name: '', subject: '' }))).toBe('Sign-ins')
  })
  it('leads from a task to its incident and from a rule to its page', () => {
    expect(targetOf(line({ action: 'plan.task', subject: 'pl-1', detail: { incident: 'in-2' } }))).toEqual({ to: '/incidents/$id', id: 'in-2' })
    expect(targetOf(line({ action: 'rule.set', subject: 'r1' }))).toEqual({ to: '/rules/$id', id: 'r1' })
    expect(targetOf(line({ action: 'user.add', subject: 'u2' }))).toBeUndefined()
  })
})

describe('the query', () => {
  const now = Date.parse('2026-01-31T12:00:00Z')
  it('takes the last seven days unless told otherwise', () => {
    expect(spanOf({})).toBe('7d')
    expect(queryOf({ who: 'a' }, now)).toEqual({ who: 'a', from: '2026-01-24T12:00:00.000Z' })
    expect(queryOf({ last: 'all' }, now)).toEqual({})
  })
  it('takes from and to as they are', () => {
    expect(spanOf({ to: 'x' })).toBeUndefined()
    expect(queryOf({ from: '2026-01-01T00:00:00Z' }, now)).toEqual({ from: '2026-01-01T00:00:00Z' })
  })
})
