import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'
import { titleOf } from '@/lib/rule'
import { api, event, explanation, rule, ruleDetail, server } from '../../../test/network'
import { show } from '../../../test/render'
import { daysOf } from './days'
import { asked, isFiltered } from './filters'
import { RulePage } from './RulePage'
import { RulesPage } from './RulesPage'
import { selectLine } from './RuleText'
import { TryPage } from './TryPage'
import { costWords, isOverridden, whereOf } from './words'

describe('filters', () => {
  it('ask the server for what the address says, and for nothing that it does not know', () => {
    expect(asked({})).toEqual({ sort: 'hits' })
    expect(asked({ q: 'door', state: 'off', kind: 'correlation', level: 'high', sort: 'cost' })).toEqual({ q: 'door', status: 'off', kind: 'correlation', level: 'high', sort: 'cost' })
    expect(asked({ state: 'slow' })).toEqual({ sort: 'hits', slow: true })
    expect(asked({ state: 'nonsense', kind: 'nonsense', level: 'nonsense' })).toEqual({ sort: 'hits' })
    expect(isFiltered({ sort: 'title' })).toBe(false)
    expect(isFiltered({ state: 'error' })).toBe(true)
  })
})

describe('words', () => {
  it('speak the reader’s language where the rule does', () => {
    expect(titleOf({ id: 'r', title: 'Door', title_fr: 'Porte' }, 'fr')).toBe('Porte')
    expect(titleOf({ id: 'r', title: 'Door' }, 'fr')).toBe('Door')
  })
  it('say where a rule lies and what it costs', () => {
    expect(whereOf({ file: 'a.yml', line: 3 })).toBe('a.yml:3')
    expect(whereOf({ file: 'a.yml' })).toBe('a.yml')
    expect(costWords(0.44, String)).toBe('0.4 µs')
    expect(costWords(0.01, String)).toBe('< 0.1 µs')
    expect(costWords(1480, String)).toBe('1.5 ms')
  })
  it('take informational for info', () => {
    expect(isOverridden({ level: 'informational', severity: 'info' })).toBe(false)
    expect(isOverridden({ level: 'low', severity: 'high' })).toBe(true)
  })
  it('measure days by the busiest', () => {
    expect(daysOf([{ day: '2026-11-21', hits: 1 }, { day: '2026-11-22', hits: 4 }])).toMatchObject({ total: 5, most: { day: '2026-11-22' }, bars: [{ share: 0.25 }, { share: 1 }] })
    expect(daysOf([{ day: '2026-11-21', hits: 0 }]).most).toBeUndefined()
  })
})

describe('list of rules', () => {
  beforeEach(() =>
    server.use(
      http.get(api('/rules'), ({ request }) => {
        const query = new URL(request.url).searchParams
        const all = [rule(2), rule(1, { severity: 'high' }), rule(3, { status: 'error', error: 'unknown modifier', line: 14 })]
        const items = query.get('q') === 'nothing' ? [] : all.filter((one) => !query.get('status') || one.status === query.get('status'))
        return HttpResponse.json({ items, total: items.length })
      }),
    ),
  )

  it('shows the override beside the rule’s own severity, and how many detect nothing', async () => {
    show(RulesPage, 'en', '/rules')
    const row = (await screen.findByText('Rule 1')).closest('[role=row]') as HTMLElement
    expect(within(row).getByText('High')).toBeTruthy()
    expect(within(row).getByText('own: Medium')).toBeTruthy()
    expect(await screen.findByText('1 rule has an error and detects nothing')).toBeTruthy()
    expect(screen.getByText(/r-3.yml:14 – unknown modifier/)).toBeTruthy()
  })

  it('says the bars of days in words', async () => {
    show(RulesPage, 'en', '/rules')
    const row = (await screen.findByText('Rule 2')).closest('[role=row]') as HTMLElement
    expect(within(row).getByRole('img', { name: '2 matches in 2 days, most on 22 Nov (2)' })).toBeTruthy()
  })

  it('moves with j and k, opens with Enter, searches with /', async () => {
    const { where } = show(RulesPage, 'en', '/rules')
    await screen.findByText('Rule 2')
    await userEvent.keyboard('jj')
    expect((screen.getByText('Rule 1').closest('[role=row]') as HTMLElement).getAttribute('aria-selected')).toBe('true')
    await userEvent.keyboard('/')
    expect(document.activeElement).toBe(screen.getByRole('searchbox'))
    await userEvent.keyboard('{Escape}k{Enter}')
    await waitFor(() => expect(where()).toBe('/rules/r-2'))
  })

  it('says what to do when nothing matches', async () => {
    show(RulesPage, 'en', '/rules?q=nothing')
    expect(await screen.findByText(/No rule matches/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Show all rules' })).toBeTruthy()
  })

  it('reads rules again and says what came of it', async () => {
    server.use(http.post(api('/rules/reload'), () => HttpResponse.json({ loaded: 41, failed: 1, added: ['r-9'], removed: [], changed: [] })))
    show(RulesPage, 'en', '/rules')
    await userEvent.click(await screen.findByRole('button', { name: 'Reload rules' }))
    const dialog = await screen.findByRole('dialog')
    expect(within(dialog).getByText('41 rules are in use.')).toBeTruthy()
    expect(within(dialog).getByText('1 rule is new')).toBeTruthy()
  })
})

describe('one rule', () => {
  const one = rule(1, { title_fr: 'Règle 1', techniques: ['T1566.001'] })

  it('is switched off only with a reason', async () => {
    let sent: unknown
    server.use(
      http.get(api('/rules/r-1'), () => HttpResponse.json(ruleDetail(one, { setting: { off: false, severity: 'high', who: 'A', why: 'w', at: '2026-11-20T08:00:00Z' } }))),
      http.put(api('/rules/r-1/setting'), async ({ request }) => {
        sent = await request.json()
        return HttpResponse.json(one)
      }),
    )
    show(RulePage, 'en', '/rules/r-1')
    await userEvent.click(await screen.findByRole('button', { name: 'Switch off' }))
    const dialog = screen.getByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Switch off' }))
    expect(within(dialog).getByText('Please fill this in.')).toBeTruthy()
    await userEvent.type(within(dialog).getByLabelText('Why'), 'Works')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Switch off' }))
    await waitFor(() => expect(sent).toEqual({ off: true, severity: 'high', why: 'Works' }))
  })

  it('speaks French, names techniques as text and leads nowhere outside', async () => {
    server.use(http.get(api('/rules/r-1'), () => HttpResponse.json(ruleDetail(one))))
    show(RulePage, 'fr', '/rules/r-1')
    expect(await screen.findByRole('heading', { level: 1, name: 'Règle 1' })).toBeTruthy()
    expect(screen.getByText('T1566.001').closest('a')).toBeNull()
    expect(screen.getByText('https://example.org/lure').closest('a')).toBeNull()
  })

  it('lists exceptions by what they are, with who, why and how much they swallowed', async () => {
    const x = { rule: 'r-1', when: [{ field: 'host.name', op: 'is' as const, value: 'pc-7' }], why: 'Old add-in', until: '2027-01-01T08:00:00Z', who: 'C. Moreau', at: '2026-11-20T08:00:00Z', hits: 17 }
    server.use(http.get(api('/rules/r-1'), () => HttpResponse.json(ruleDetail(one, { exceptions: [{ ...x, id: 'a', state: 'in-force' }, { ...x, id: 'b', state: 'removed' }] }))))
    show(RulePage, 'en', '/rules/r-1')
    expect(await screen.findByText('In force')).toBeTruthy()
    expect(screen.getAllByText('17 matches left out').length).toBe(2)
    expect(screen.getByText('1 earlier exception')).toBeTruthy()
    expect((await screen.findAllByRole('button', { name: 'Remove' })).length).toBe(1)
  })

  it('is tried on kept events, and the attempt can be cancelled', async () => {
    let asked: unknown
    let answer = () => {}
    server.use(
      http.get(api('/rules/r-1'), () => HttpResponse.json(ruleDetail(one))),
      http.post(api('/rules/try'), async ({ request }) => {
        asked = await request.json()
        await new Promise<void>((resolve) => (answer = resolve))
        return HttpResponse.json({ tried: 10, matched: 1, unreadable: 0, per_day: [], rules: [], matches: [{ event, rule: 'r-1', explanation }], took_ms: 3, partial: false })
      }),
    )
    show(RulePage, 'en', '/rules/r-1')
    await userEvent.click(await screen.findByRole('button', { name: 'Try it' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }))
    expect(await screen.findByText(/Cancelled/)).toBeTruthy()
    answer()
    await userEvent.click(screen.getByRole('button', { name: 'Try it' }))
    await waitFor(() => expect(asked).toMatchObject({ rule: 'r-1', from: expect.any(String), explain: false }))
    await waitFor(() => {
      answer()
      expect(screen.queryByText('1 event matches.')).toBeTruthy()
    })
    expect(screen.getByText('cmd started')).toBeTruthy()
  })
})

describe('a pasted rule', () => {
  it('is checked, with the line of each problem', async () => {
    server.use(http.post(api('/rules/check'), () => HttpResponse.json({ rules: [], problems: [{ line: 2, error: 'the detection has no condition' }] })))
    show(TryPage, 'en', '/rules/try')
    const text = (await screen.findByLabelText('Sigma rule (YAML)')) as HTMLTextAreaElement
    await userEvent.type(text, 'title: x{Enter}detection: y')
    await userEvent.click(screen.getByRole('button', { name: 'Check' }))
    expect(await screen.findByText('the detection has no condition')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Line 2' }))
    expect(text.value.slice(text.selectionStart, text.selectionEnd)).toBe('detection: y')
    await userEvent.type(text, ' more')
    expect(screen.queryByText('the detection has no condition')).toBeNull()
  })

  it('is tried on pasted lines', async () => {
    let asked: unknown
    server.use(
      http.post(api('/rules/try'), async ({ request }) => {
        asked = await request.json()
        return HttpResponse.json({ title: 'Bad Request', status: 400, detail: 'line 1: no condition' }, { status: 400 })
      }),
    )
    show(TryPage, 'en', '/rules/try')
    await userEvent.type(await screen.findByLabelText('Sigma rule (YAML)'), 'title: x')
    await userEvent.click(screen.getByRole('button', { name: 'Pasted events' }))
    await userEvent.click(screen.getByRole('button', { name: 'Try it' }))
    expect(asked).toBeUndefined()
    await userEvent.type(screen.getByLabelText('Events, one a line'), 'one{Enter}{Enter}two')
    await userEvent.click(screen.getByRole('button', { name: 'Try it' }))
    expect(await screen.findByText('line 1: no condition')).toBeTruthy()
    expect(asked).toEqual({ text: 'title: x', events: ['one', 'two'], format: '', explain: true })
  })

  it('has lines that can be found', () => {
    const area = document.createElement('textarea')
    area.value = 'a\nbb'
    selectLine(area, 99)
    expect([area.selectionStart, area.selectionEnd]).toEqual([2, 4])
  })
})
