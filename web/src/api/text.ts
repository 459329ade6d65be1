// Machine text in the reader's language.
import { useQuery } from '@tanstack/react-query'
import { useFormat } from '@/lib/format'
import { useI18n } from '@/lib/i18n'
import { assetParams, renderText, type Context } from '@/lib/text'
import { texts } from './endpoints'
import { keys } from './keys'
import { useAssets } from './names'
import type { Text } from './types'

export function useTextContext(): Context {
  const i18n = useI18n()
  const format = useFormat()
  const assets = useAssets()
  const { data } = useQuery({ queryKey: keys.texts(i18n.locale), queryFn: () => texts.get(i18n.locale), staleTime: Infinity })
  return {
    i18n,
    templates: data ?? {},
    assetName: (id) => assets.asset(id)?.name,
    time: format.clock,
  }
}

/** Renders machine text; names of assets are filled in as they become known. */
export function useText(): (text: Text) => string {
  const context = useTextContext()
  return (text) => {
    const mayName = new Set(assetParams(text))
    const assetName = (id: string) => (mayName.has(id) ? context.assetName(id) : undefined)
    return renderText(text, { ...context, assetName })
  }
}
