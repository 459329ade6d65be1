import { useEffect, useRef } from 'react'
import { useIncidentList } from '@/api/incidents'
import { useText } from '@/api/text'
import { useI18n } from '@/lib/i18n'
import { usePlaceWords } from '@/ui/AssetName'
import { useVoice } from '@/ui/Toasts'

/** Says each new critical incident to screen readers, on whatever page one is. */
export function Announcer() {
  const { items, isPending } = useIncidentList('open', '')
  const { t } = useI18n()
  const text = useText()
  const place = usePlaceWords()
  const voice = useVoice()
  const known = useRef<Set<string>>(undefined)
  useEffect(() => {
    if (isPending) return
    const first = known.current === undefined
    const seen = (known.current ??= new Set())
    for (const incident of items) {
      if (incident.severity !== 'critical' || incident.status !== 'new' || seen.has(incident.id)) continue
      seen.add(incident.id)
      if (first) continue
      const where = incident.place ? place(incident.place).join(', ') : ''
      voice.announce(t('queue.newCritical', { title: text(incident.title), place: where }))
    }
  })
  return null
}
