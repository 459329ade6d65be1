import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { incident } from '../../test/network'
import { keys } from './keys'
import { applyChanges, putInPages, type IncidentPages } from './live'

const pages = (...items: ReturnType<typeof incident>[]): IncidentPages => ({ pages: [{ items }], pageParams: [''] })
const ids = (data: IncidentPages | undefined) => data?.pages.flatMap((page) => page.items.map((item) => item.id))

describe('changes in the queue', () => {
  it('put new incidents in front and newer ones in place', () => {
    const after = putInPages(pages(incident(1), incident(2)), [incident(2, { version: 2, status: 'acknowledged' }), incident(3)], 'open', true)
    expect(ids(after)).toEqual(['in-3', 'in-1', 'in-2'])
    expect(after.pages[0]?.items[2]?.status).toBe('acknowledged')
  })

  it('take out of the open ones what is closed or merged', () => {
    const news = [incident(1, { version: 2, status: 'closed' }), incident(2, { version: 2, merged_into: 'in-3' })]
    expect(ids(putInPages(pages(incident(1), incident(2)), news, 'open', true))).toEqual([])
    expect(ids(putInPages(pages(incident(1), incident(2)), news, 'all', true))).toEqual(['in-1', 'in-2'])
  })

  it('never replace newer by older', () => {
    const after = putInPages(pages(incident(1, { version: 5, owner: 'x' })), [incident(1, { version: 4 })], 'open', true)
    expect(after.pages[0]?.items[0]?.owner).toBe('x')
  })

  it('reach every list and the incident’s own page in one go', () => {
    const client = new QueryClient()
    client.setQueryData(keys.incidentList('open', ''), pages(incident(1)))
    client.setQueryData(keys.incidentPart('in-2', 'timeline'), { items: [] })
    applyChanges(client, [{ kind: 'incident', id: 'in-2', body: incident(2) }])
    expect(ids(client.getQueryData(keys.incidentList('open', '')))).toEqual(['in-2', 'in-1'])
    expect(client.getQueryData(keys.incident('in-2'))).toMatchObject({ number: 2 })
    expect(client.getQueryState(keys.incidentPart('in-2', 'timeline'))?.isInvalidated).toBe(true)
  })

  it('renew what comes without its record', () => {
    const client = new QueryClient()
    client.setQueryData(keys.incidentList('open', ''), pages(incident(1)))
    applyChanges(client, [{ kind: 'incident', id: 'in-1' }])
    expect(client.getQueryState(keys.incidentList('open', ''))?.isInvalidated).toBe(true)
  })
})
