package sigma

import "warder/internal/stage/detect/sigma/index"

// fold gives texts that differ only in case the same form: that of the indexes.
func fold(s string) string { return index.Fold(s) }
