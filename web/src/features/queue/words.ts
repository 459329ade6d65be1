// What a row says, in words: put together once for all rows in view.
import { isShelved } from '@/api/incidents'
import { useAssets } from '@/api/names'
import { useText } from '@/api/text'
import type { Incident } from '@/api/types'
import { useNow } from '@/lib/clock'
import { useI18n } from '@/lib/i18n'
import { age, countdown } from '@/lib/time'
import { usePlaceWords } from '@/ui/AssetName'

export type RowWords = {
  title: string
  exercise: string
  domains: string
  where: string
  whereFull: string
  care: string
  time: string
  statusWord: string
  who: string
  age: string
  shelved: boolean
}

export function useRowWords(): (incident: Incident) => RowWords {
  const { t, word } = useI18n()
  const text = useText()
  const placeWords = usePlaceWords()
  const { name } = useAssets()
  const now = useNow()
  return (incident) => {
    const { outlook, place } = incident
    const all = place ? placeWords(place) : []
    // Where the title names the place already, what is around it says more.
    const told = Object.values(incident.title.params ?? {}).some((value) => value === place || value === all.at(-1))
    const shown = told && all.length > 1 ? all.slice(0, -1) : all
    return {
      title: text(incident.title),
      exercise: incident.exercise ? t('queue.exercise') : '',
      domains: incident.domains.map((domain) => word('domain', domain)).join(' + '),
      where: shown.slice(-2).reverse().join(' · '), // the room first: it is what must not be cut
      whereFull: all.join(' · '),
      care: outlook?.next ? name(outlook.next) : '–',
      time: outlook?.harm_at ? countdown(t, (Date.parse(outlook.harm_at) - now) / 1000) : '',
      statusWord: word('status', incident.status),
      who: incident.owner || incident.ack?.name || '',
      age: age(t, Date.parse(incident.opened), now),
      shelved: isShelved(incident, now),
    }
  }
}
