package follow

import (
	"context"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
)

// watchFolders returns a channel that gets a token when something happens in a
// folder of the files. It only makes noticing quicker: where the system cannot
// watch (network file systems, no watches left), polling finds the same.
func (f *Follower) watchFolders(ctx context.Context) <-chan struct{} {
	wake := make(chan struct{}, 1)
	w, err := fsnotify.NewWatcher()
	if err != nil {
		f.log.Info("files are polled only", "every", f.o.Poll, "error", err)
		return wake
	}
	for _, p := range f.o.Paths {
		if err := w.Add(filepath.Dir(p)); err != nil {
			f.log.Info("a folder is polled only", "folder", filepath.Dir(p), "every", f.o.Poll, "error", err)
		}
	}
	go func() {
		defer w.Close()
		for {
			select {
			case <-ctx.Done():
				return
			case _, open := <-w.Events:
				if !open {
					return
				}
			case _, open := <-w.Errors: // too many events at once: look
				if !open {
					return
				}
			}
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	}()
	return wake
}
