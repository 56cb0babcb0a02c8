package simulate

import (
	"context"
	"sync"

	"github.com/entscope/entscope/ingest/simulate/oracle"
	"github.com/entscope/entscope/ingest/simulate/raw"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// job is the writing of the basins of a region.
type job struct {
	region  *region.Region
	dir     string
	direct  bool // count the indicators on the events too
	threads int  // basins under way at the same time
	// progress, if not nil, is told how many schools are done of how many.
	progress func(done, total int64)
}

// part is what a basin gives to the files that all basins share.
type part struct {
	number int
	rows   raw.Rows
	direct *oracle.Totals
	err    error
}

// run makes basins in parallel; their shared parts are written in order.
func (j *job) run(ctx context.Context) (*oracle.Totals, error) {
	tables, err := raw.OpenTables(j.dir, j.region.Window)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	direct := oracle.NewTotals()
	var failed error
	for slot := range j.start(ctx) {
		p := <-slot
		switch {
		case p.err == nil:
			tables.Write(p.rows)
			if j.progress != nil {
				total := len(j.region.Schools)
				j.progress(int64(min((p.number+1)*region.BasinSchools, total)), int64(total))
			}
		case failed == nil:
			failed = p.err
			cancel()
		}
		if p.direct != nil {
			direct.Merge(p.direct, 1)
		}
	}
	if err := tables.Close(); failed == nil {
		failed = err
	}
	if failed == nil {
		failed = ctx.Err()
	}
	return direct, failed
}

// start gives a channel of the basins in order, some of which are under way.
func (j *job) start(ctx context.Context) <-chan chan part {
	slots := make(chan chan part, j.threads)
	go func() {
		var wg sync.WaitGroup
		defer close(slots)
		defer wg.Wait()
		for n := range j.region.Basins() {
			slot := make(chan part, 1)
			select {
			case slots <- slot:
				wg.Go(func() { slot <- j.write(n) })
			case <-ctx.Done():
				return
			}
		}
	}()
	return slots
}

func (j *job) write(number int) part {
	b := j.region.Basin(number)
	p := part{number: number}
	if j.direct {
		p.direct = oracle.NewTotals()
		p.direct.Observe(b)
	}
	p.rows, p.err = raw.WriteBasin(j.dir, b)
	return p
}
