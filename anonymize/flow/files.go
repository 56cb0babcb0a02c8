package flow

import (
	"os"
	"slices"
)

// BytesAtOnce is how many bytes of event files are asked at a time where memory is bounded: about a hundred thousand
// events.
const BytesAtOnce = 1 << 20

// Together joins neighbouring lists of files as long as they hold at most so many bytes together: a statement costs the
// same for few rows as for none, and a small zone has many small buckets. Lists without a file are left out; a list that
// is larger, or whose files cannot be read, is asked alone.
func Together(lists [][]string, most int64) (joined [][]string) {
	room := int64(0)
	for _, files := range lists {
		if len(files) == 0 {
			continue
		}
		bytes := int64(0)
		for _, name := range files {
			info, err := os.Stat(name)
			if err != nil { // whoever reads it says so
				bytes = most
				break
			}
			bytes += info.Size()
		}
		if n := len(joined); n > 0 && bytes <= room {
			joined[n-1], room = append(joined[n-1], files...), room-bytes
			continue
		}
		joined, room = append(joined, slices.Clone(files)), most-bytes
	}
	return joined
}
