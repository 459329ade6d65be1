// Package web holds the built console. Before the first build of the console
// the folder has only its KEEP file, and the program says so instead of serving
// a page.
package web

import "embed"

// Dist is the built console, under "dist".
//
//go:embed all:dist
var Dist embed.FS
