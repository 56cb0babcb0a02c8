package downcode

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/entscope/entscope/anonymize/kanon"
)

// Known is what the attacker has beside the released table and the hierarchies in Columns.
type Known struct {
	Columns []Column
	// Population is a table of the persons among whom those of the table are, nothing in it made
	// coarser; nil is none.
	Population *kanon.Table
	// Minimal says that the recoding gave each cell the lowest value that holds its class.
	Minimal bool
}

// Truth is the true table, to judge the claims: Rows[i] is the row of Table that the released row i was made of.
type Truth struct {
	Table *kanon.Table
	Rows  []int32
}

// Report is what the attack claims.
type Report struct {
	Cells int `json:"cells"`
	// Generalised are the cells with several values beneath them.
	Generalised int    `json:"generalised"`
	Narrowed    Claims `json:"narrowed"`
	Known       Claims `json:"known"`
	// Undone are the known cells that are the only generalised one of their row: the rows of such a class can
	// be written one step finer. Where several are known, which values belong together is not.
	Undone  Claims     `json:"undone"`
	Columns []OfColumn `json:"columns"`
	// WholeColumns says that no column holds values of which one stands above another: nothing was taken for minimal.
	WholeColumns bool `json:"whole_columns,omitempty"`
	// Contradicted are cells that no minimal recoding would have released.
	Contradicted int `json:"contradicted"`
}

// OfColumn are the cells of one quasi-identifier.
type OfColumn struct {
	Name         string `json:"name"`
	Generalised  int    `json:"generalised"`
	Narrowed     int    `json:"narrowed"`
	Known        int    `json:"known"`
	Contradicted int    `json:"contradicted"`
}

// Claims are the cells that are claimed, and how many of the claims are right.
type Claims struct {
	Cells int `json:"cells"`
	// Judged is nil without the true table, and where nothing is claimed.
	Judged *Judged `json:"judged,omitempty"`
}

// Judged are claims against the true table. A claim is of a class and column, and right or wrong in all its cells.
type Judged struct {
	Right int `json:"right"`
	// Chance is the mean of Right if rows were drawn by the shares of the true column, within Low and
	// High 95 times of 100.
	Chance float64 `json:"chance"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	// Likeliest are the cells of which the value below that most rows of the released column have is right.
	Likeliest int `json:"likeliest"`
}

// Errors of what is known. They name columns and count rows; a value never appears.
var (
	ErrTable      = errors.New("the table is not of these hierarchies")
	ErrPopulation = errors.New("unusable population")
	ErrTruth      = errors.New("the true table is not that of the released one")
)

// attack is one attack under way.
type attack struct {
	known  Known
	trees  []*tree
	nodes  [][]int32 // of each released row, by column
	rows   [][]int   // of each class
	claims [][]*claim
	laws   []*law
	out    *Report
}

// Downcode attacks a released table. Rows, and not persons, are counted. truth may be nil.
func Downcode(released *kanon.Table, known Known, truth *Truth) (*Report, error) {
	a := &attack{known: known, out: &Report{Columns: []OfColumn{}}}
	for _, c := range known.Columns {
		column := released.Column(c.Name)
		if column == nil {
			return nil, fmt.Errorf("downcode: %w: %q is not a column", ErrTable, c.Name)
		}
		t := newTree(c.Hierarchy)
		nodes, err := t.nodes(column.Values, column.Codes)
		if err != nil {
			return nil, fmt.Errorf("downcode: %w: column %q: %w", ErrTable, c.Name, err)
		}
		a.trees, a.nodes = append(a.trees, t), append(a.nodes, nodes)
		a.laws = append(a.laws, newLaw(t, nodes))
		a.out.Columns = append(a.out.Columns, OfColumn{Name: c.Name})
		a.out.Cells += len(nodes)
	}
	if a.known.Minimal = known.Minimal && a.recodesCells(); !a.known.Minimal {
		a.out.WholeColumns = known.Minimal
	}
	a.classify(released.Rows())
	if err := a.claim(len(released.Units) == 0); err != nil {
		return nil, err
	}
	for j := range a.trees {
		if err := a.bound(j); err != nil {
			return nil, err
		}
	}
	return a.out, a.report(truth)
}

// recodesCells reports whether some column holds a value and one above it: a recoding of whole columns has each at one
// level, which is the lowest for all rows and not for those of a class.
func (a *attack) recodesCells() bool {
	for j, t := range a.trees {
		there := make([]bool, len(t.parent))
		for _, n := range a.nodes[j] {
			there[n] = true
		}
		for n := range t.parent {
			for up := t.parent[n]; there[n] && up >= 0; up = t.parent[up] {
				if there[up] {
					return true
				}
			}
		}
	}
	return false
}

// classify puts rows with the same cells together.
func (a *attack) classify(rows int) {
	of := map[string]int{}
	var key []byte
	for row := range rows {
		key = key[:0]
		for j := range a.trees {
			key = binary.BigEndian.AppendUint32(key, uint32(a.nodes[j][row]))
		}
		class, ok := of[string(key)]
		if !ok {
			class = len(a.rows)
			of[string(key)] = class
			a.rows = append(a.rows, nil)
		}
		a.rows[class] = append(a.rows[class], row)
	}
}

// claim begins a claim of each generalised cell of each class.
func (a *attack) claim(rowsArePersons bool) error {
	var world *population
	if a.known.Population != nil {
		var err error
		if world, err = newPopulation(a.known.Population, a.known.Columns, a.trees); err != nil {
			return err
		}
		world.counted = rowsArePersons
	}
	a.claims = make([][]*claim, len(a.trees))
	for class, rows := range a.rows {
		var fitting []int
		if world != nil {
			fitting = world.fit(a, rows[0])
		}
		for j, t := range a.trees {
			node := a.nodes[j][rows[0]]
			values := len(t.below[node])
			if values == 0 {
				continue
			}
			c := &claim{class: class, column: j, node: node, n: len(rows), low: make([]int, values),
				minimal: a.known.Minimal}
			if world != nil {
				c.world = world.beneath(fitting, t, j, node)
			}
			a.claims[j] = append(a.claims[j], c)
			if c.begin() {
				continue
			}
			a.contradict(c)
			if !c.begin() {
				return fmt.Errorf("downcode: %w: it has too few who fit a class of the table", ErrPopulation)
			}
		}
	}
	return nil
}

// contradict takes a cell for none of a minimal recoding.
func (a *attack) contradict(c *claim) {
	if c.minimal {
		a.out.Contradicted += c.n
		a.out.Columns[c.column].Contradicted += c.n
	}
	c.minimal = false
}

// bound narrows the claims of a column by its marginal, where that is known.
func (a *attack) bound(j int) error {
	column := a.known.Columns[j]
	if column.Marginals == nil {
		return nil
	}
	m, err := newMarginal(a.trees[j], column.Marginals, len(a.nodes[j]))
	if err != nil {
		return fmt.Errorf("downcode: column %q: %w", column.Name, err)
	}
	p := newProgramme(a.trees[j], m, a.nodes[j])
	if p.tooLarge() {
		return fmt.Errorf("downcode: column %q: %w: they are of too many values; hint: count coarser ones", column.Name,
			ErrMarginals)
	}
	for _, minimal := range []bool{true, false} {
		for _, c := range a.claims[j] {
			if !minimal {
				a.contradict(c)
			}
			c.begin()
		}
		met, err := p.narrow(a.claims[j])
		if err != nil || met {
			return err
		}
	}
	return fmt.Errorf("downcode: column %q: %w: no table with them has this release", column.Name, ErrMarginals)
}

// report counts the claims, and judges them where the truth is known.
func (a *attack) report(truth *Truth) error {
	var leaves [][]int32
	if truth != nil {
		var err error
		if leaves, err = a.beneath(truth); err != nil {
			return err
		}
	}
	narrowed, known, undone := &judge{}, &judge{}, &judge{}
	generalised := make([]int, len(a.rows)) // cells of a row, by class
	for _, claims := range a.claims {
		for _, c := range claims {
			generalised[c.class]++
		}
	}
	for j, claims := range a.claims {
		of := &a.out.Columns[j]
		var drawn *law
		if truth != nil {
			drawn = newLaw(a.trees[j], leaves[j])
		}
		for _, c := range claims {
			of.Generalised += c.n
			var counts []int
			if truth != nil {
				counts = make([]int, len(c.low))
				for _, row := range a.rows[c.class] {
					counts[a.trees[j].branch(leaves[j][row], c.node)]++
				}
			}
			if c.narrowed() {
				of.Narrowed += c.n
				narrowed.take(c, counts, a.laws[j], drawn)
			}
			if c.known() {
				of.Known += c.n
				known.take(c, counts, a.laws[j], drawn)
				if generalised[c.class] == 1 {
					undone.take(c, counts, a.laws[j], drawn)
				}
			}
		}
		a.out.Generalised += of.Generalised
	}
	a.out.Narrowed, a.out.Known = narrowed.claims(truth != nil), known.claims(truth != nil)
	a.out.Undone = undone.claims(truth != nil)
	return nil
}

// beneath gives the true node of each released cell.
func (a *attack) beneath(truth *Truth) ([][]int32, error) {
	out, lost := make([][]int32, len(a.trees)), 0
	for j, t := range a.trees {
		column := truth.Table.Column(a.known.Columns[j].Name)
		if column == nil || len(truth.Rows) != len(a.nodes[j]) {
			return nil, fmt.Errorf("downcode: %w: it has no column %q, or not as many rows", ErrTruth, a.known.Columns[j].Name)
		}
		out[j] = make([]int32, len(truth.Rows))
		for row, from := range truth.Rows {
			if from < 0 || int(from) >= len(column.Codes) {
				return nil, fmt.Errorf("downcode: %w: released row %d is of none of its rows", ErrTruth, row)
			}
			node, ok := t.of[column.Text(int(from))]
			out[j][row] = node
			if !ok || int(node) >= t.leaves || !t.under(node, a.nodes[j][row]) {
				lost++
			}
		}
	}
	if lost > 0 {
		return nil, fmt.Errorf("downcode: %w: %d cells are not beneath the released ones", ErrTruth, lost)
	}
	return out, nil
}

// judge adds claims up.
type judge struct {
	cells            int
	judged           Judged
	chance, variance float64
}

// take adds a claim, by the law of the released column and that of the true one.
func (j *judge) take(c *claim, counts []int, released, drawn *law) {
	j.cells += c.n
	if counts == nil {
		return
	}
	if c.right(counts) {
		j.judged.Right += c.n
	}
	n, p := float64(c.n), drawn.chance(c)
	j.chance, j.variance = j.chance+n*p, j.variance+n*n*p*(1-p)
	j.judged.Likeliest += counts[released.likeliest(c.node)]
}

// normal975 is the 97.5 % quantile of the normal distribution.
const normal975 = 1.959963984540054

func (j *judge) claims(judged bool) Claims {
	out := Claims{Cells: j.cells}
	if judged && j.cells > 0 {
		tenth := func(x float64) float64 { return math.Round(10*x) / 10 }
		half := normal975 * math.Sqrt(j.variance)
		j.judged.Chance = tenth(j.chance)
		j.judged.Low, j.judged.High = tenth(max(0, j.chance-half)), tenth(min(float64(j.cells), j.chance+half))
		out.Judged = &j.judged
	}
	return out
}
