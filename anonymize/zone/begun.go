package zone

import (
	"bytes"

	"github.com/entscope/entscope/ingest/source"
)

// shortHead is how much of each file is held to tell which others it may begin.
const shortHead = 1 << 10

// findBegun finds the files that end within a record, and that another of their
// feed begins with: the half-written and the whole delivery lie side by side.
func findBegun(files []*file) error {
	heads := make(map[*file][]byte)
	short := func(f *file) ([]byte, error) {
		if head, ok := heads[f]; ok {
			return head, nil
		}
		head, err := headOf(f.path)
		heads[f] = bytes.Clone(head[:min(len(head), shortHead)])
		return heads[f], err
	}
	for _, half := range files {
		if !half.open {
			continue
		}
		start, err := short(half)
		if err != nil {
			return err
		}
		for _, whole := range files {
			if whole == half || whole.feed != half.feed || whole.school != half.school || whole.path == source.Stdin {
				continue
			}
			head, err := short(whole)
			if err != nil {
				return err
			}
			if !bytes.HasPrefix(head, start) {
				continue
			}
			longer, err := beginsWith(whole.path, half.path, half.size)
			if err != nil {
				return err
			}
			if longer {
				half.begun = whole
				break
			}
		}
	}
	return nil
}

// beginsWith reports whether a file, decoded, is longer than the plain file half
// and begins with it. What cannot be read begins with nothing.
func beginsWith(whole, half string, size int64) (bool, error) {
	head, err := headOf(half)
	if err != nil {
		return false, err
	}
	start, err := headOf(whole)
	if err != nil || !bytes.HasPrefix(start, head) || int64(len(start)) < min(size+1, source.HeadSize) {
		return false, err
	}
	hashes, err := source.Prefixes(whole, []int64{size, size + 1})
	if refusal(err) != "" || err == nil && len(hashes) < 2 {
		return false, nil
	} else if err != nil {
		return false, err
	}
	hash, err := source.Hash(half)
	return err == nil && hash == hashes[0], err
}
