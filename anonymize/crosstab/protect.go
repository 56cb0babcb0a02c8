package crosstab

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/entscope/entscope/anonymize/perturb"
)

// Shown is a cell as it is published.
type Shown struct {
	Labels []string
	Hidden bool
	Value  int64 // in units of the last decimal
}

// Audited is a cell of which something must stay unknown, or that is hidden for another.
type Audited struct {
	Labels    []string
	Reason    Reason  // why it is unsafe; empty where it is hidden for another
	Low, High float64 // where the published table leaves it, for everybody
	Width     float64 // of the narrowest of the intervals, that of everybody and of each insider
	Asked     float64 // least width; 0 where nothing is asked
	Holds     bool
}

// Result is a protected table.
type Result struct {
	Method    string
	Decimals  int
	Columns   []string // of the dimensions
	Cells     []Shown
	Audit     []Audited
	Primary   int
	Secondary int
	Empty     int
	Earlier   int // tables of the same figures that it was protected with
	Insiders  int
}

// Draw gives a secret number for parts, uniform over 64 bits and always the same.
type Draw func(label string, parts ...[]byte) uint64

// ErrAudit says that the audit found an interval that is too narrow.
var ErrAudit = errors.New("the published table would leave an unsafe cell within a narrower interval than asked; " +
	"hint: a larger base, more noise, or release.method = \"suppress\"")

// Protect decides what of a table is published, with the earlier tables of the same figures.
func Protect(ctx context.Context, t *Table, p Policy, earlier []Left, draw Draw) (*Result, error) {
	problem, reasons := t.Problem(p)
	r := &Result{Method: p.Release.Method, Decimals: t.Decimals, Primary: len(problem.Needs), Earlier: len(earlier),
		Insiders: len(problem.Insiders)}
	for _, a := range t.axes {
		r.Columns = append(r.Columns, a.Name)
	}
	for _, c := range t.Cells {
		r.Cells = append(r.Cells, Shown{Labels: t.labels(c), Value: c.Value})
		if c.Contributors == 0 {
			r.Empty++
		}
	}
	for _, l := range earlier {
		if l.Method != p.Release.Method || l.Method == MethodRound {
			return nil, fmt.Errorf("%w (%s)", ErrBeside, l.Method)
		}
	}
	var err error
	switch p.Release.Method {
	case MethodRound:
		err = r.round(t, problem, reasons, p.Release.Base, draw)
	case MethodNoise:
		if err = besideNoise(t, problem, p.Release.noise(), earlier); err == nil {
			err = r.noise(t, problem, reasons, p.Release, draw)
		}
	default:
		err = r.suppress(ctx, t, problem, reasons, earlier)
	}
	if err != nil {
		return nil, err
	}
	for _, a := range r.Audit {
		if !a.Holds {
			return r, ErrAudit
		}
	}
	return r, nil
}

// suppress hides cells, jointly with what has left, and audits every hidden cell.
func (r *Result) suppress(ctx context.Context, t *Table, own Problem, reasons map[int]Reason, earlier []Left) error {
	joint, err := join(t, own, earlier)
	if err != nil {
		return err
	}
	hidden, err := Suppress(ctx, joint)
	if err != nil {
		return err
	}
	s := newSolver(joint)
	needs := map[int]Need{}
	for _, n := range s.needs {
		needs[n.Cell] = n
	}
	for i, c := range t.Cells {
		r.Cells[i].Hidden = hidden[i]
		if !hidden[i] {
			continue
		}
		a := Audited{Labels: t.labels(c), Reason: reasons[i]}
		if a.Reason == "" {
			r.Secondary++
		}
		if a.Low, a.High, err = s.interval(hidden, i, nobody); err != nil {
			return err
		}
		n, asked := needs[i]
		if err := a.narrowest(s, hidden, n, asked); err != nil {
			return err
		}
		r.Audit = append(r.Audit, a)
	}
	return nil
}

// narrowest asks every observer of a need how near they come.
func (a *Audited) narrowest(s *solver, hidden []bool, n Need, asked bool) error {
	a.Width, a.Holds = a.High-a.Low, true
	if !asked {
		return nil
	}
	a.Asked = n.High - n.Low
	for _, who := range s.observers(n) {
		low, high, err := s.interval(hidden, n.Cell, who)
		if err != nil {
			return err
		}
		a.Width = math.Min(a.Width, high-low)
		a.Holds = a.Holds && low <= n.Low+tolerance*math.Max(1, n.Low) && high >= n.High-tolerance*n.High
	}
	return nil
}

// round publishes multiples of the base.
func (r *Result) round(t *Table, p Problem, reasons map[int]Reason, base float64, draw Draw) error {
	unit := base * math.Pow10(t.Decimals)
	rounded, err := Round(p, unit, func(cell int) float64 {
		return float64(draw("table/round", t.key(t.Cells[cell]))>>11) / (1 << 53)
	})
	if err != nil {
		return err
	}
	for i, v := range rounded {
		r.Cells[i].Value = int64(v)
	}
	return r.audit(t, p, reasons, rounded, func(c int) float64 { return unit - 1 })
}

// besideNoise refuses figures that have left with noise of another design, or are others now: cells of the same
// contributors keep their noise, and those that have other ones would be where somebody joined or left.
func besideNoise(t *Table, own Problem, design perturb.Parameters, earlier []Left) error {
	for _, l := range earlier {
		if l.Noise == nil || *l.Noise != design {
			return ErrNoise
		}
	}
	_, err := join(t, own, earlier)
	return err
}

// noise publishes every cell with the noise of those who contribute to it.
func (r *Result) noise(t *Table, p Problem, reasons map[int]Reason, rules ReleaseRules, draw Draw) error {
	noise, err := perturb.NewNoise(rules.noise(), func(parts ...int64) uint64 {
		var text []byte
		for _, v := range parts {
			text = binary.BigEndian.AppendUint64(text, uint64(v))
		}
		return draw("table/noise", text)
	})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	records := make([]uint32, len(t.who))
	for code, name := range t.who {
		records[code] = uint32(draw("table/record", []byte(name)))
	}
	published := make([]float64, len(t.Cells))
	for i, c := range t.Cells {
		m := perturb.Magnitude{}
		for _, x := range t.merged(c) {
			if t.counts || x.amount > 0 {
				m.Key += records[x.who]
				m.Sum, m.Squares, m.Largest = m.Sum+x.amount, m.Squares+x.amount*x.amount, max(m.Largest, x.amount)
			}
		}
		r.Cells[i].Value = noise.Magnitude(m)
		if t.counts {
			r.Cells[i].Value = noise.Count(m.Key, c.Contributors)
		}
		published[i] = float64(r.Cells[i].Value)
	}
	return r.audit(t, p, reasons, published, func(c int) float64 {
		if t.counts || len(t.Cells[c].Largest) == 0 {
			return float64(rules.Maximum)
		}
		return rules.Step*(float64(rules.Maximum)+0.5)*float64(t.Cells[c].Largest[0]) + 1
	})
}

// audit computes where the published values leave each unsafe cell: at least as wide as one
// side of what is asked, as nobody knows on which side of it the truth is.
func (r *Result) audit(t *Table, p Problem, reasons map[int]Reason, published []float64,
	slack func(int) float64) error {
	for _, n := range p.Needs {
		low, high, err := p.Left(published, slack, n.Cell)
		if err != nil {
			return err
		}
		asked := n.High - p.Values[n.Cell]
		r.Audit = append(r.Audit, Audited{Labels: t.labels(t.Cells[n.Cell]), Reason: reasons[n.Cell], Low: low,
			High:  high,
			Width: high - low, Asked: asked, Holds: high-low >= asked-tolerance*math.Max(1, asked)})
	}
	return nil
}
