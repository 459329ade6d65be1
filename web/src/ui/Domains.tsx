import { useI18n } from '@/lib/i18n'

/** Which worlds an incident belongs to, named on every alarm. */
export function Domains({ domains }: { domains: string[] }) {
  const { word } = useI18n()
  return (
    <>
      {domains.map((domain) => (
        <span key={domain} className="tag tag-solid">
          {word('domain', domain)}
        </span>
      ))}
    </>
  )
}
