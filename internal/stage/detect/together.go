package detect

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// fewest is how many events are worth a goroutine.
const fewest = 64

// together does work on the numbers from 0 to n in parts, all at once. A panic in a part is one of the caller's, so that whoever
// guards the caller guards the parts.
func together(parts, n int, work func(part, from, to int)) {
	if parts == 1 {
		work(0, 0, n)
		return
	}
	panics := make([]any, parts)
	var wg sync.WaitGroup
	for part := range parts {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					panics[part] = fmt.Sprintf("%v\n%s", p, debug.Stack())
				}
			}()
			work(part, part*n/parts, (part+1)*n/parts)
		})
	}
	wg.Wait()
	for _, p := range panics {
		if p != nil {
			panic(p)
		}
	}
}

// partsOf is into how many parts n events are best cut: at most one for each processor.
func partsOf(n int) int { return max(1, min(runtime.GOMAXPROCS(0), n/fewest)) }
