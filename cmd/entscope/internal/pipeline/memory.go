package pipeline

import (
	"fmt"
	"runtime/debug"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// bound gives Go its share of memory_mb in a stage, and a heap that may grow as far as there is room: collecting
// garbage whenever it had doubled was a fifth of the CPU of a small study. Where memory_mb is less than roomy the shares
// and the program itself are more than all of it, and in a stage without an engine Go's alone is nearly all.
func bound(s *study.Study, stage string) {
	const roomy, usual, seldom = 512, 100, 400
	percent := goPercent(stage)
	debug.SetMemoryLimit(int64(s.Limits.MemoryMB) << 20 * percent / 100)
	if s.Limits.MemoryMB < roomy || percent > 50 {
		debug.SetGCPercent(usual)
		return
	}
	debug.SetGCPercent(seldom)
}

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

// failed are settings, in MiB, that were not enough for so many people: none is for more.
var failed = []struct {
	people int64
	memory int
}{{72_516, 192}}

// tooLittle refuses a setting that is known not to be enough, a fault of the configuration, before the engine begins:
// it would find out after most of the work, and beside its bound.
func tooLittle(people int64, memory int) error {
	for _, f := range failed {
		if people >= f.people && memory <= f.memory {
			return fmt.Errorf("%w: limits.memory_mb = %d is too little for this study: %d were not enough for a "+
				"directory of %d people; hint: one of %d people needs about %d", study.ErrConfig, memory, f.memory,
				f.people, people, enoughMemory(people))
		}
	}
	return nil
}

// enoughMemory is a setting, in MiB, for a directory of so many people, on a line by those that were enough: 192 for the
// 9,260 people of a region of 5,000 parents, 256 for the 72,516 of one of 40,000 where 192 was not, and, to anonymize,
// 1,024 for the 724,921 of one of 400,000 (two cores). Below 192 a batch of 700 parents exceeds its bound.
func enoughMemory(people int64) int {
	const step = 64
	return int((165 + people*12/10_000 + step - 1) / step * step)
}
