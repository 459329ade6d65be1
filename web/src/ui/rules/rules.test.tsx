import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import { api, event, explanation, rule, ruleDetail, server } from '../../../test/network'
import { show } from '../../../test/render'
import { blame } from './blame'
import { beginning, complete, wrongEnd, YEAR } from './exception'
import { ExceptionDialog } from './ExceptionDialog'
import { ExplainDialog } from './ExplainDialog'
import { Explanation } from './Explanation'

describe('blame', () => {
  it('names what is met and must not be', () => {
    expect(blame(explanation.condition)).toEqual([{ name: 'filter', met: true }])
  })

  it('names every branch of which one would do, each once', () => {
    const leaf = (text: string) => ({ op: 'selection' as const, text, met: false })
    expect(blame({ op: 'or', text: '', met: false, of: [leaf('a'), leaf('b'), leaf('a')] }).map((one) => one.name)).toEqual(['a', 'b'])
  })

  it('blames nobody when all is as wanted', () => {
    expect(blame({ op: 'selection', text: 'a', met: true })).toEqual([])
  })
})

describe('explanation', () => {
  it('says the verdict, why, what is asked and what is there', async () => {
    show(() => <Explanation data={explanation} />)
    expect(await screen.findByText('The event does not meet the rule.')).toBeTruthy()
    expect(screen.getByText('“filter” is met, and must not be.')).toBeTruthy()
    expect(screen.getByText('ends with one of')).toBeTruthy()
    expect(screen.getByText('process.executable')).toBeTruthy()
    expect(screen.getByText('no such field')).toBeTruthy()
    expect(screen.getByText('windows / process_creation')).toBeTruthy()
  })

  it('tells met from not met by word, for every value too', async () => {
    show(() => <Explanation data={explanation} />)
    const value = (await screen.findByText('\\mshta.exe')).closest('li') as HTMLElement
    expect(within(value).getByRole('img', { name: 'Not met' })).toBeTruthy()
  })
})

describe('a rule that counts', () => {
  it('is explained by the rule that the event meets of those that it counts', async () => {
    const counting = ruleDetail(rule(9, { kind: 'correlation' }), { counts: [{ id: 'r-1', title: 'Rule 1' }, { id: 'r-2', title: 'Rule 2' }] })
    server.use(
      http.get(api('/rules/r-9'), () => HttpResponse.json(counting)),
      http.get(api('/events/w.1.1'), () => HttpResponse.json(event)),
      http.post(api('/rules/explain'), async ({ request }) => {
        const asked = (await request.json()) as { rule: string }
        return HttpResponse.json({ ...explanation, rule: asked.rule, title: `Rule ${asked.rule.slice(2)}`, matched: asked.rule === 'r-2' })
      }),
    )
    show(() => <ExplainDialog rule={{ id: 'r-9', title: 'Rule 9' }} event="w.1.1" onClose={() => {}} />)
    expect(await screen.findByRole('link', { name: 'Rule 2' })).toBeTruthy()
    expect(screen.queryByRole('link', { name: 'Rule 1' })).toBeNull()
    expect(screen.getByText('The event meets the rule.')).toBeTruthy()
  })
})

describe('exception', () => {
  it('begins with what tells one thing from another', () => {
    expect(beginning([['message', 'x'], ['host.name', 'pc-7']])).toEqual({ field: 'host.name', op: 'is', value: 'pc-7' })
    expect(beginning([])).toEqual({ field: '', op: 'is', value: '' })
  })

  it('ends, within a year', () => {
    expect(wrongEnd(100, 100)).toBe('past')
    expect(wrongEnd(Number.NaN, 100)).toBe('past')
    expect(wrongEnd(100 + YEAR + 1, 100)).toBe('far')
    expect(wrongEnd(100 + YEAR, 100)).toBeUndefined()
  })

  it('is complete only with a field and a value for every condition', () => {
    expect(complete([])).toBe(false)
    expect(complete([{ field: 'a', op: 'is', value: ' ' }])).toBe(false)
    expect(complete([{ field: 'a', op: 'is', value: 'b' }])).toBe(true)
  })

  it('is sent with the event’s field, a reason and an end', async () => {
    let sent: unknown
    server.use(
      http.post(api('/rules/r-1/exceptions'), async ({ request }) => {
        sent = await request.json()
        return HttpResponse.json({ id: 'x' }, { status: 201 })
      }),
    )
    show(() => <ExceptionDialog rule={{ id: 'r-1', title: 'Rule 1' }} event={event} onClose={() => {}} />)
    await screen.findByRole('dialog')
    await userEvent.click(screen.getByRole('button', { name: 'Add an exception' }))
    expect(screen.getByText('Please fill this in.')).toBeTruthy()
    expect(sent).toBeUndefined()
    await userEvent.type(screen.getByLabelText('Why'), 'Old add-in')
    await userEvent.click(screen.getByRole('button', { name: '1 day' }))
    await userEvent.click(screen.getByRole('button', { name: 'Add an exception' }))
    await waitFor(() => expect(sent).toMatchObject({ when: [{ field: 'host.name', op: 'is', value: 'pc-7' }], why: 'Old add-in', until: expect.stringMatching(/Z$/) }))
  })

  it('takes the value of a field that the event has', async () => {
    show(() => <ExceptionDialog rule={{ id: 'r-1', title: 'Rule 1' }} event={event} onClose={() => {}} />)
    const field = await screen.findByLabelText('Field 1')
    await userEvent.clear(field)
    await userEvent.type(field, 'Image')
    expect((screen.getByLabelText('Value 1') as HTMLInputElement).value).toBe('C:\\cmd.exe')
  })

  it('is offered from an explanation, filled in from its event', async () => {
    server.use(
      http.get(api('/rules/r-1'), () => HttpResponse.json(ruleDetail(rule(1)))),
      http.post(api('/rules/explain'), () => HttpResponse.json(explanation)),
      http.get(api('/events/w.1.1'), () => HttpResponse.json(event)),
    )
    show(() => <ExplainDialog rule={{ id: 'r-1', title: 'Rule 1' }} event="w.1.1" onClose={() => {}} />)
    await screen.findByText('The event does not meet the rule.')
    await userEvent.click(await screen.findByRole('button', { name: 'Make an exception' }))
    expect((await screen.findByLabelText('Value 1') as HTMLInputElement).value).toBe('pc-7')
  })
})
