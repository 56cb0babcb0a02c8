package pipeline

import (
	"fmt"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// moreMemory adds to an engine.ErrMemory the key to raise, and what was enough elsewhere.
func moreMemory(err error, s *study.Study) error {
	hint := "raise it"
	if z, fault := zone.Open(s.Path(s.Output.Restricted)); fault == nil {
		if enough := enoughMemory(z.Rows("people")); enough > s.Limits.MemoryMB {
			hint = fmt.Sprintf("a directory of %d people needs about %d", z.Rows("people"), enough)
		}
	}
	return fmt.Errorf("%w; hint: limits.memory_mb = %d is too little for this study: %s", err, s.Limits.MemoryMB, hint)
}

// enoughMemory is a setting, in MiB, that a directory of so many people is known to need at most: 192 was enough for
// the 9,260 people of a region of 5,000 parents, where 128 was not, and 512 for the 74,000 of one of 40,000, where 256
// was not (two cores).
func enoughMemory(people int64) int {
	const step = 64
	return int((145 + people*5/1000 + step - 1) / step * step)
}
