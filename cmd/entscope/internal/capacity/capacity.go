// Package capacity says what a study of a size will need, from what runs of smaller ones took: memory, processor time,
// room on disk and hours, on this machine and with an engine elsewhere.
//
//	rates.toml (runs, measured) → Of(Study, Machine) → Need, for each engine → Write
//
// What a run takes grows with its events, and memory with the people of its directory; both lines go through the two
// largest runs that were measured. Beyond the largest it is an extrapolation, and says how far.
package capacity

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pelletier/go-toml/v2"
)

//go:embed rates.toml
var rates []byte

// run is what one run took.
type run struct {
	Engine  string  `toml:"engine"`
	Parents int64   `toml:"parents"`
	Events  int64   `toml:"events"`
	Ingest  float64 `toml:"ingest_cpu_s"`
	Here    float64 `toml:"anonymize_cpu_s"` // of the machine of entscope
	Cluster float64 `toml:"cluster_cpu_s"`   // of the engine elsewhere
	Asked   int     `toml:"statements"`
	// Waits is what a statement takes whatever it computes, in seconds: to plan, schedule and commit it.
	Waits   float64 `toml:"statement_s"`
	PeakMiB float64 `toml:"peak_mib"`
	ZoneMiB float64 `toml:"zone_mib"`
}

// Study is the size of a study: parents, and events of the whole window, 0 for as many a parent as were measured.
type Study struct{ Parents, Events int64 }

// Machine is what there is: cores and memory of one machine, and the hours that a run may take.
type Machine struct {
	Cores     int
	MemoryGiB float64
	Hours     float64
}

// Need is what a study needs with one engine.
type Need struct {
	Engine       string  `json:"engine"`
	MemoryGiB    float64 `json:"memory_gib"`       // of the machine of entscope
	HereHours    float64 `json:"here_cpu_hours"`   // of its processor
	ClusterHours float64 `json:"engine_cpu_hours"` // of the engine's processors; 0 of the embedded one
	DiskGiB      float64 `json:"zone_gib"`
	// Hours is the least time that it takes: all cores of the machine, and as many of the engine, work all the time.
	Hours      float64 `json:"hours_at_least"`
	Statements int     `json:"statements"` // that a cluster is asked
	// Most is how many parents, with as many events each, the machine serves: by memory and by hours.
	Most   int64   `json:"parents_served"`
	Beyond float64 `json:"times_the_largest_measured"` // events of the study over those of the largest run
}

// mostOfAny is beyond any study, and far from what overflows.
const mostOfAny = 1 << 50

// Engines are those that were measured.
var Engines = []string{"embedded", "trino"}

// Of says what a study needs with each engine.
func Of(s Study, m Machine) ([]Need, error) {
	var file struct {
		Runs []run `toml:"run"`
	}
	if err := toml.Unmarshal(rates, &file); err != nil {
		return nil, fmt.Errorf("capacity: %w", err)
	}
	switch {
	case s.Parents < 1 || s.Events < 0:
		return nil, errors.New("capacity: parents are at least 1, events not negative")
	case s.Parents > mostOfAny || s.Events > mostOfAny:
		return nil, errors.New("capacity: nobody has as many")
	case m.Cores < 1 || !(m.MemoryGiB > 0) || !(m.Hours > 0) || math.IsInf(m.MemoryGiB, 0) || math.IsInf(m.Hours, 0):
		return nil, errors.New("capacity: cores, memory and hours are numbers above 0")
	}
	var needs []Need
	for _, engine := range Engines {
		runs := slices.DeleteFunc(slices.Clone(file.Runs), func(r run) bool { return r.Engine != engine })
		slices.SortFunc(runs, func(a, b run) int { return int(a.Events - b.Events) })
		if len(runs) < 2 {
			return nil, fmt.Errorf("capacity: fewer than two runs of %s were measured", engine)
		}
		line := through(runs[len(runs)-2], runs[len(runs)-1])
		if s.Events == 0 {
			s.Events = int64(math.Round(float64(s.Parents) * line.a.perParent()))
		}
		need := line.need(s, m)
		need.Most = most(s, m, line)
		needs = append(needs, need)
	}
	return needs, nil
}

// line goes through two runs.
type line struct{ a, b run }

func through(smaller, larger run) line { return line{larger, smaller} }

func (r run) perParent() float64 { return float64(r.Events) / float64(r.Parents) }

// at is a quantity of the runs at another x; it does not fall below that of the smaller run in proportion.
func (l line) at(x float64, of func(run) (x, y float64)) float64 {
	x1, y1 := of(l.b)
	x2, y2 := of(l.a)
	slope := (y2 - y1) / (x2 - x1)
	return max(y1+slope*(x-x1), y1*min(x/x1, 1))
}

func (l line) need(s Study, m Machine) Need {
	events := func(f func(run) float64) float64 {
		return l.at(float64(s.Events), func(r run) (float64, float64) { return float64(r.Events), f(r) })
	}
	here := events(func(r run) float64 { return r.Ingest + r.Here })
	cluster := events(func(r run) float64 { return r.Cluster })
	peak := l.at(float64(s.Parents), func(r run) (float64, float64) { return float64(r.Parents), r.PeakMiB })
	zone := events(func(r run) float64 { return r.ZoneMiB })
	n := Need{Engine: l.a.Engine, MemoryGiB: peak / 1024, HereHours: here / 3600, ClusterHours: cluster / 3600,
		DiskGiB: zone / 1024, Statements: l.a.Asked, Beyond: float64(s.Events) / float64(l.a.Events)}
	n.Hours = (here + cluster) / 3600 / float64(m.Cores)
	if n.Statements > 0 { // here and there take turns
		n.Hours += l.a.Waits * float64(n.Statements) / 3600
	}
	return n
}

// most is the largest number of parents, with as many events each, whose memory and hours there are.
func most(s Study, m Machine, l line) int64 {
	each := float64(s.Events) / float64(s.Parents)
	fits := func(parents int64) bool {
		n := l.need(Study{parents, int64(float64(parents) * each)}, m)
		return n.MemoryGiB <= m.MemoryGiB && n.Hours <= m.Hours
	}
	low, high := int64(0), int64(1)
	for ; fits(high) && high < 1<<40; high *= 2 {
		low = high
	}
	for high-low > 1 {
		if middle := low + (high-low)/2; fits(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// Write prints the needs side by side.
func Write(w io.Writer, m Machine, needs []Need) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', tabwriter.AlignRight)
	row := func(name string, cell func(Need) string) {
		cells := []string{name}
		for _, n := range needs {
			cells = append(cells, cell(n))
		}
		fmt.Fprintln(t, strings.Join(cells, "\t")+"\t")
	}
	row("", func(n Need) string { return n.Engine })
	row("memory of this machine, GiB", func(n Need) string { return figure(n.MemoryGiB) })
	row("processor here, hours", func(n Need) string { return figure(n.HereHours) })
	row("processor of the engine, hours", func(n Need) string {
		if n.ClusterHours == 0 {
			return "-"
		}
		return figure(n.ClusterHours)
	})
	row("restricted zone, GiB", func(n Need) string { return figure(n.DiskGiB) })
	row(fmt.Sprintf("at least, on %d cores", m.Cores), func(n Need) string {
		return strings.TrimSuffix(time.Duration(n.Hours*float64(time.Hour)).Round(time.Minute).String(), "0s")
	})
	row(fmt.Sprintf("parents in %g GiB and %g h", m.MemoryGiB, m.Hours), func(n Need) string {
		return fmt.Sprint(round(n.Most))
	})
	if err := t.Flush(); err != nil {
		return err
	}
	for _, n := range needs {
		if n.Beyond > 1.5 {
			fmt.Fprintf(w, "%s: %s times the events of the largest run that was measured: the line may bend.\n", n.Engine,
				figure(n.Beyond))
		}
	}
	return nil
}

// figure has two digits that count.
func figure(x float64) string {
	if x == 0 {
		return "0"
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-1)
	return fmt.Sprintf("%.*f", max(0, -int(math.Floor(math.Log10(unit)+0.5))), math.Round(x/unit)*unit)
}

// round leaves two digits that count.
func round(n int64) int64 {
	unit := int64(1)
	for n/unit >= 100 {
		unit *= 10
	}
	return n / unit * unit
}
