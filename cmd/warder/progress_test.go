package main

import (
	"testing"
	"time"

	"warder/internal/app/inspect"
)

func TestProgressLine(t *testing.T) {
	for want, p := range map[string]inspect.Progress{
		"[############............]  50 %  2000 records, 1000 a second, 3 findings": {Read: 5, Size: 10, Records: 2000, Findings: 3},
		"[########################] 100 %  0 records, 0 a second, 0 findings":       {Read: 11, Size: 10},
		"7 records, 4 a second, 0 findings":                                         {Read: 99, Records: 7},
	} {
		if got := progressLine(p, 2*time.Second); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
