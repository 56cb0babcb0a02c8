package source

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// EntcoreExport is the event export of an entcore platform:
//
//	GET <Base>/infra/event/list/events/<epoch ms>?duration=<ms>&sorted=true&skip-synced=false
//
// gives the events of the window [epoch, epoch+duration) as a JSON array
// (log-formats.md 1.1). skip-synced is true by default there and would leave out
// what the platform's own statistics have taken.
type EntcoreExport struct {
	// Remote is the platform: URL is its address, without a path.
	Remote
	// Window is the length of a window: a day, or less on a large platform.
	Window time.Duration
}

// Fetch brings the windows of [from, to) that are over by now to one file each
// in dir, and returns how many it fetched. A window that is there is not asked
// for again: a window is closed only when it has been over for an hour, the time
// the platform's retries take.
func (e EntcoreExport) Fetch(ctx context.Context, dir string, from, to, now time.Time) (n int, err error) {
	if e.Window <= 0 {
		return 0, fmt.Errorf("source: entcore export: window %v", e.Window)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, fmt.Errorf("source: entcore export: %w", err)
	}
	for at := from; at.Before(to); at = at.Add(e.Window) {
		end := at.Add(e.Window)
		if end.After(to) {
			end = to
		}
		if now.Sub(end) < time.Hour {
			break
		}
		path := filepath.Join(dir, "events-"+at.UTC().Format("20060102T150405Z")+".json")
		if _, err := os.Stat(path); err == nil {
			continue
		}
		window := e.Remote
		window.URL = fmt.Sprintf("%s/infra/event/list/events/%d?duration=%d&sorted=true&skip-synced=false",
			strings.TrimSuffix(e.URL, "/"), at.UnixMilli(), end.Sub(at).Milliseconds())
		if _, err := Fetch(ctx, window, path); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
