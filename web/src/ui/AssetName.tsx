// Assets by name, with the icon of their kind, and where they stand.
import { Link } from '@tanstack/react-router'
import { useAssets } from '@/api/names'
import { useI18n } from '@/lib/i18n'
import { Icon, kindIcon } from './Icon'

export function AssetName({ id, link = true, icon = true }: { id: string; link?: boolean; icon?: boolean }) {
  const { word } = useI18n()
  const asset = useAssets().asset(id)
  const content = (
    <>
      {icon && <Icon name={kindIcon(asset?.kind)} size={15} />}
      <span className="ellipsis">{asset?.name ?? id}</span>
    </>
  )
  const title = asset ? `${asset.name} (${word('kind', asset.kind)})` : id
  if (!link) return <span className="asset" title={title}>{content}</span>
  return (
    <Link className="asset" to="/assets/$id" params={{ id }} title={title}>
      {content}
    </Link>
  )
}

/**
 * Place first: "Bât. A · 2 · Pharmacy", with the site where it is needed. To
 * somebody on the way (inwards: false) the room comes before its building, and
 * what does not fit goes on in the next line.
 */
export function PlacePath({ id, site = false, inwards = true }: { id: string; site?: boolean; inwards?: boolean }) {
  const inside = usePlaceWords()(id, site)
  const words = inwards ? inside : inside.toReversed()
  return (
    <span className={inwards ? 'path ellipsis' : 'path path-out'} title={inside.join(' · ')}>
      {words.map((word, index) => (
        <span key={`${index}-${word}`}>
          {word}
          {index < words.length - 1 && <span className="sep" aria-hidden="true"> ·</span>}
        </span>
      ))}
    </span>
  )
}

/** The place in words, from the building inwards. */
export function usePlaceWords(): (id: string, site?: boolean) => string[] {
  const { path, name } = useAssets()
  return (id, site = false) => {
    const steps = path(id)
    if (steps.length === 0) return [name(id)]
    const shown = site || steps.length === 1 ? steps : steps.filter((step) => step.kind !== 'site')
    return shown.map((step) => step.name)
  }
}
