package risk

import (
	"errors"
	"math"
	"slices"

	"github.com/entscope/entscope/anonymize/downcode"
	"github.com/entscope/entscope/anonymize/kanon"
)

// AtRiskBelow is the class size below which a person counts as at risk: 11, the
// threshold of persons in French fiscal statistics (and 0.09 of EMA policy 0070).
const AtRiskBelow = 11

// Options say what to measure.
type Options struct {
	QuasiIdentifiers []string
	Sensitive        []string
	// Order gives the values of a sensitive attribute from low to high; without
	// it the ordered distance is measured on numbers only.
	Order map[string][]string
	// Household is a column of the table, "" when there is none.
	Household string
	// Population holds the persons of the table among others, nil when there is none.
	Population *Population
	// AtRiskBelow is the class size below which a person is at risk; it must be set.
	AtRiskBelow int
	// Attack tries the three attacks of the opinion WP216 on the table; Second is a table
	// that others hold, for the one that links two, nil when there is none.
	Attack bool
	Second *kanon.Table
	// PopulationSize is the number of persons of whom the table is a sample; 0 is unknown.
	PopulationSize int
}

// Report is what `entscope risk --json` prints. Figures that would need what is
// absent are null.
type Report struct {
	Rows    int `json:"rows"`
	Persons int `json:"persons"`
	Classes int `json:"classes"`
	// K is the least number of distinct units in a class, KRows of rows.
	K     int `json:"k"`
	KRows int `json:"k_rows"`
	// Of the sensitive attributes, the worst over them; see BySensitive.
	LDistinct  *int     `json:"l_distinct"`
	LEntropy   *float64 `json:"l_entropy"`
	RecursiveC *float64 `json:"recursive_c"`
	RecursiveL *int     `json:"recursive_l"`
	TEqual     *float64 `json:"t_equal"`
	TOrdered   *float64 `json:"t_ordered"`
	Beta       *float64 `json:"beta"`
	Delta      *float64 `json:"delta"`
	Alpha      *float64 `json:"alpha"`
	// Uniques are the persons alone in one of their classes.
	Uniques    int       `json:"uniques"`
	Prosecutor Attacker  `json:"prosecutor"`
	Journalist *Attacker `json:"journalist"`
	// Marketer is the expected share of persons that are linked rightly, each by
	// their most exposed row: with one row a person, classes ÷ persons.
	Marketer float64 `json:"marketer"`
	// Population is what the population table says; see Options.Population.
	Population *PopulationReport `json:"population,omitempty"`
	// Household is the risk of being found through any member of the household.
	Household *Attacker `json:"household"`
	// ProfileKSet is the least number of persons who share the set of a person's
	// rows, ProfileKMultiset the rows with their repetitions.
	ProfileKSet      int                   `json:"profile_k_set"`
	ProfileKMultiset int                   `json:"profile_k_multiset"`
	ProfileUniques   int                   `json:"profile_uniques"`
	QuasiIdentifiers []Quasi               `json:"quasi_identifiers"`
	BySensitive      map[string]*Sensitive `json:"by_sensitive"`
	AtRiskBelow      int                   `json:"at_risk_below"`
	// Attacks are those that were tried; see Options.Attack.
	Attacks []AttackResult `json:"attacks,omitempty"`
	// Downcoding is what an attacker says of the cells of a local recoding, nil when it was not tried.
	Downcoding *downcode.Report `json:"downcoding,omitempty"`
	// Uniqueness is what tells somebody apart; with Options.Attack or PopulationSize.
	Uniqueness *Uniqueness `json:"uniqueness,omitempty"`
	// ByRows is what each would be if rows were persons, for comparison.
	ByRows *Report `json:"by_rows,omitempty"`
	// Absent says, by figure, what it would need.
	Absent map[string]string `json:"absent,omitempty"`
}

// Attacker is the risk of persons under one attacker: the highest, the mean, and
// the share above 1 ÷ AtRiskBelow.
type Attacker struct {
	Max     float64 `json:"max"`
	Average float64 `json:"average"`
	AtRisk  float64 `json:"at_risk"`
}

// Quasi is how far one quasi-identifier tells persons apart.
type Quasi struct {
	Name string `json:"name"`
	// Distinction is distinct values ÷ persons, Separation the share of pairs of
	// persons that differ. A person with several values is the set of them.
	Distinction float64 `json:"distinction"`
	Separation  float64 `json:"separation"`
}

// Sensitive is what the classes tell of one attribute, the worst over classes.
type Sensitive struct {
	LDistinct  int      `json:"l_distinct"`
	LEntropy   float64  `json:"l_entropy"`
	RecursiveL int      `json:"recursive_l"`
	RecursiveC float64  `json:"recursive_c"`
	TEqual     float64  `json:"t_equal"`
	TOrdered   *float64 `json:"t_ordered"`
	Beta       float64  `json:"beta"`
	Delta      float64  `json:"delta"`
	Alpha      float64  `json:"alpha"`
}

// Measure measures the risks of t.
func Measure(t *kanon.Table, o Options) (*Report, error) {
	if o.AtRiskBelow < 2 {
		return nil, errors.New("risk: the class size below which a person is at risk must be set, and at least 2")
	}
	r, err := measure(t, o)
	if err != nil {
		return nil, err
	}
	if err := r.attacks(t, o); err != nil {
		return nil, err
	}
	if err := r.uniqueness(t, o); err != nil {
		return nil, err
	}
	rows := o
	rows.Population, rows.Household = nil, ""
	if r.ByRows, err = measure(&kanon.Table{Columns: t.Columns}, rows); err != nil {
		return nil, err
	}
	r.ByRows.Absent = nil
	r.KRows = r.ByRows.K
	return r, nil
}

func measure(t *kanon.Table, o Options) (*Report, error) {
	r := &Report{AtRiskBelow: o.AtRiskBelow, Absent: map[string]string{}, BySensitive: map[string]*Sensitive{}}
	c, err := kanon.Classify(t, o.QuasiIdentifiers, nil)
	if err != nil {
		return nil, err
	}
	r.Rows, r.Persons, r.Classes = t.Rows(), c.TotalPersons, c.N
	r.K, r.KRows = int(slices.Min(c.K)), int(slices.Min(c.Rows))
	people := personsOf(t)
	smallest := worst(people, c.Of, c.Persons)
	r.Prosecutor = exposure(smallest, o.AtRiskBelow)
	for _, n := range smallest {
		if n == 1 {
			r.Uniques++
		}
	}
	r.Marketer = r.Prosecutor.Average // who links the persons of the table, each by their most exposed row
	if err := r.population(t, o, people, c); err != nil {
		return nil, err
	}
	r.household(t, o, people, smallest)
	r.profiles(people, c.Of)
	for _, name := range o.QuasiIdentifiers {
		r.QuasiIdentifiers = append(r.QuasiIdentifiers, distinguish(name, t, people))
	}
	return r, r.sensitive(t, o)
}

// people are the rows of each person: row[at[p]:at[p+1]].
type people struct{ at, row []int32 }

func (p *people) n() int             { return len(p.at) - 1 }
func (p *people) rows(i int) []int32 { return p.row[p.at[i]:p.at[i+1]] }

func personsOf(t *kanon.Table) *people {
	n := t.Rows()
	p := &people{row: make([]int32, n)}
	dense := make([]int32, n)
	count := n
	if len(t.Units) == 0 {
		for i := range dense {
			dense[i] = int32(i)
		}
	} else {
		index := map[int64]int32{}
		for i, id := range t.Units[0].IDs {
			d, ok := index[id]
			if !ok {
				d = int32(len(index))
				index[id] = d
			}
			dense[i] = d
		}
		count = len(index)
	}
	p.at = make([]int32, count+1)
	for _, d := range dense {
		p.at[d+1]++
	}
	for i := range count {
		p.at[i+1] += p.at[i]
	}
	next := slices.Clone(p.at)
	for row, d := range dense {
		p.row[next[d]] = int32(row)
		next[d]++
	}
	return p
}

// worst is, for each person, the least size over the classes of their rows.
func worst(p *people, of, size []int32) []int32 {
	out := make([]int32, p.n())
	for i := range out {
		out[i] = math.MaxInt32
		for _, row := range p.rows(i) {
			out[i] = min(out[i], size[of[row]])
		}
	}
	return out
}

// exposure sums up the risk 1 ÷ size of each person.
func exposure(sizes []int32, below int) Attacker {
	var a Attacker
	count := map[int32]int{} // by size: sums do not depend on the order of rows
	for _, n := range sizes {
		count[n]++
	}
	order := make([]int32, 0, len(count))
	for n := range count {
		order = append(order, n)
	}
	slices.Sort(order)
	for _, n := range order {
		risk := 1 / float64(n)
		a.Max = max(a.Max, risk)
		a.Average += risk * float64(count[n]) / float64(len(sizes))
		if int(n) < below {
			a.AtRisk += float64(count[n]) / float64(len(sizes))
		}
	}
	return a
}

// household gives each person the risk that any member is found: 1 − Π(1 − r).
func (r *Report) household(t *kanon.Table, o Options, p *people, smallest []int32) {
	if o.Household == "" || t.Column(o.Household) == nil {
		r.Absent["household"] = "a household column (--household)"
		return
	}
	column := t.Column(o.Household)
	safe := make([]float64, len(column.Values)) // Σ ln(1 − r) by household
	home := make([]int32, p.n())
	for i := range p.n() {
		home[i] = column.Codes[p.rows(i)[0]]
	}
	order := make([]int, p.n())
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(smallest[a]) - int(smallest[b]) })
	for _, i := range order {
		safe[home[i]] += math.Log1p(-1 / float64(smallest[i]))
	}
	var risks []float64
	for i := range p.n() {
		risks = append(risks, -math.Expm1(safe[home[i]]))
	}
	slices.Sort(risks)
	a := Attacker{Max: risks[len(risks)-1]}
	for _, risk := range risks {
		a.Average += risk / float64(len(risks))
		if risk > 1/float64(o.AtRiskBelow)+kanon.Tolerance {
			a.AtRisk += 1 / float64(len(risks))
		}
	}
	r.Household = &a
}

// profiles counts the persons who share the classes of all rows of a person.
func (r *Report) profiles(p *people, of []int32) {
	sets, multisets := map[string]int{}, map[string]int{}
	keys := make([]string, p.n())
	var list []int32
	var key []byte
	pack := func() []byte {
		key = key[:0]
		for _, c := range list {
			key = append(key, byte(c), byte(c>>8), byte(c>>16), byte(c>>24))
		}
		return key
	}
	for i := range p.n() {
		list = list[:0]
		for _, row := range p.rows(i) {
			list = append(list, of[row])
		}
		slices.Sort(list)
		multisets[string(pack())]++
		list = slices.Compact(list)
		keys[i] = string(pack())
		sets[keys[i]]++
	}
	r.ProfileKSet, r.ProfileKMultiset = p.n(), p.n()
	for _, n := range sets {
		r.ProfileKSet = min(r.ProfileKSet, n)
	}
	for _, n := range multisets {
		r.ProfileKMultiset = min(r.ProfileKMultiset, n)
		if n == 1 {
			r.ProfileUniques++
		}
	}
}

// distinguish gives distinction and separation of one column over persons.
func distinguish(name string, t *kanon.Table, p *people) Quasi {
	column := t.Column(name)
	sets := map[string]int64{}
	var list []int32
	var key []byte
	for i := range p.n() {
		list = list[:0]
		for _, row := range p.rows(i) {
			list = append(list, column.Codes[row])
		}
		slices.Sort(list)
		key = key[:0]
		for _, c := range slices.Compact(list) {
			key = append(key, byte(c), byte(c>>8), byte(c>>16), byte(c>>24))
		}
		sets[string(key)]++
	}
	n := int64(p.n())
	same := int64(0)
	for _, s := range sets {
		same += s * (s - 1)
	}
	q := Quasi{Name: name, Distinction: float64(len(sets)) / float64(n)}
	if n > 1 {
		q.Separation = 1 - float64(same)/float64(n*(n-1))
	}
	return q
}
