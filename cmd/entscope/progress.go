package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

// progress draws one bar a stage on a terminal and nothing elsewhere.
type progress struct {
	mu   sync.Mutex
	pool *mpb.Progress
	bars map[string]*mpb.Bar
}

func newProgress(w io.Writer) *progress {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return &progress{}
	}
	return &progress{pool: mpb.New(mpb.WithOutput(w), mpb.WithWidth(48)), bars: map[string]*mpb.Bar{}}
}

// update is safe for concurrent use.
func (p *progress) update(stage string, done, total int64) {
	if p.pool == nil || total <= 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	bar, ok := p.bars[stage]
	if !ok {
		bar = p.pool.AddBar(total,
			mpb.PrependDecorators(decor.Name(fmt.Sprintf("%-12s", stage))),
			mpb.AppendDecorators(decor.Percentage(), decor.Name("  "), decor.Elapsed(decor.ET_STYLE_MMSS)))
		p.bars[stage] = bar
	}
	bar.SetTotal(total, false)
	bar.SetCurrent(done)
	if done >= total {
		bar.SetTotal(total, true)
	}
}

// close ends the drawing and leaves the terminal clean.
func (p *progress) close() {
	if p.pool == nil {
		return
	}
	p.mu.Lock()
	for _, bar := range p.bars {
		bar.Abort(false)
	}
	p.mu.Unlock()
	p.pool.Wait()
}
