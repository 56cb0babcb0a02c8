package source

import "bytes"

// markSize is how many decoded bytes at most tell where a delivery begins again.
const markSize = 1024

// repeat looks for the beginning of a delivery further on in it: a log that was appended
// to itself, by a copy that was tried twice, counts each record without an identifier twice.
type repeat struct {
	mark    []byte // whole lines, nil where the beginning is like no other
	matched int    // how much of mark was read since a line began; -1 within a line
	found   bool
}

// newRepeat takes its mark from the head of a delivery: as much as fits twice into a small
// one. Lines that are all alike are several records of one instant and mark nothing.
func newRepeat(head []byte) repeat {
	mark := head[:min(markSize, len(head))]
	if len(head) < HeadSize {
		mark = head[:len(head)/2]
	}
	mark = mark[:bytes.LastIndexByte(mark, '\n')+1]
	first, rest, _ := bytes.Cut(mark, []byte{'\n'})
	for line := range bytes.Lines(rest) {
		if !bytes.Equal(bytes.TrimSuffix(line, []byte{'\n'}), first) {
			return repeat{mark: bytes.Clone(mark), matched: -1}
		}
	}
	return repeat{}
}

// read looks at the next bytes of the delivery.
func (r *repeat) read(p []byte) {
	if r.mark == nil || r.found {
		return
	}
	for len(p) > 0 {
		if r.matched < 0 {
			end := bytes.IndexByte(p, '\n')
			if end < 0 {
				return
			}
			p, r.matched = p[end+1:], 0
			continue
		}
		n := min(len(p), len(r.mark)-r.matched)
		if !bytes.Equal(p[:n], r.mark[r.matched:r.matched+n]) {
			r.matched = -1
			continue
		}
		p, r.matched = p[n:], r.matched+n
		if r.found = r.matched == len(r.mark); r.found {
			return
		}
	}
}
