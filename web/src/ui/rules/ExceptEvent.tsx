import { useQuery } from '@tanstack/react-query'
import { events } from '@/api/endpoints'
import { keys } from '@/api/keys'
import { ExceptionDialog } from './ExceptionDialog'

type Props = { rule: { id: string; title: string }; event: string; onClose: () => void }

/** An exception that begins with a kept event; with none where that is gone. */
export function ExceptEvent({ rule, event, onClose }: Props) {
  const kept = useQuery({ queryKey: keys.event(event), queryFn: () => events.get(event), staleTime: Infinity })
  if (kept.isPending) return null
  return <ExceptionDialog rule={rule} event={kept.data} onClose={onClose} />
}
