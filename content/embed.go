// Package content holds what Warder ships beside its code: detection rules,
// playbooks, dependency rules, texts and hospitals. Every pack is a folder of
// plain files with its tests beside it; the program reads the copy embedded
// here, and a hospital adds folders of its own by configuration.
package content

import "embed"

// FS is the embedded copy of the packs, by folder: dependencies, hospitals, mappings,
// notices, playbooks, rules.
//
//go:embed dependencies hospitals mappings notices playbooks rules
var FS embed.FS
