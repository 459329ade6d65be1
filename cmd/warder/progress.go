package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"warder/internal/app/inspect"
)

const (
	barWidth  = 24
	drawEvery = 100 * time.Millisecond
)

// onTerminal tells whether somebody watches standard error.
func onTerminal() bool {
	info, err := os.Stderr.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// progressBar draws how far the reading of files came, or nothing when nobody
// watches.
func progressBar(now func() time.Time) func(inspect.Progress) {
	if !onTerminal() {
		return nil
	}
	began := now()
	var drawn time.Time
	return func(p inspect.Progress) {
		at := now()
		if at.Sub(drawn) < drawEvery {
			return
		}
		drawn = at
		fmt.Fprintf(os.Stderr, "\r\033[K%s", progressLine(p, at.Sub(began)))
	}
}

func progressLine(p inspect.Progress, took time.Duration) string {
	rate := 0.0
	if took > 0 {
		rate = float64(p.Records) / took.Seconds()
	}
	text := fmt.Sprintf("%d records, %.0f a second, %d findings", p.Records, rate, p.Findings)
	if p.Size == 0 {
		return text // of standard input nobody knows the end
	}
	share := min(float64(p.Read)/float64(p.Size), 1)
	full := int(share * barWidth)
	return fmt.Sprintf("[%s%s] %3.0f %%  %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), 100*share, text)
}

func endProgress() {
	if onTerminal() {
		fmt.Fprint(os.Stderr, "\r\033[K")
	}
}

// processors is how many jobs run at a time.
func processors(jobs int) int {
	if jobs > 0 {
		return jobs
	}
	return runtime.GOMAXPROCS(0)
}
