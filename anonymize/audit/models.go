package audit

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/privacy"
)

// judge compares what the files give with what the manifest announces and with
// the bound. What is announced was measured on the released table, so it must be
// found again to the last digit: any changed behaviour moves it. A bound that is
// asked against the table alone was held against the distribution of all persons: a
// found value beyond it is compatible with the promise within the share of persons
// left out (slack), without proving it.
func judge(s edition.SensitiveClaim, found, slack float64) (bool, Proof, string) {
	rule, bound := ruleOf(s), limit(s)
	text, margin := comma(found, 3)+" au plus, pour une borne de "+comma(bound, 3), 0.0
	holds := found <= bound+tolerance
	switch {
	case rule.AtLeast:
		text = "au moins " + comma(found, 2) + ", pour une borne de " + comma(bound, 2)
		holds = found >= bound-tolerance
	case rule.C == privacy.Must:
		text = comma(found, 3) + " au plus, strictement sous " + comma(bound, 3)
		holds = found < bound-tolerance
	case s.Against != edition.AgainstTable:
	case rule.Key == "t":
		margin = slack
	case rule.Key == "beta":
		// a frequency q may move to q/(1−slack), the ratio p/q as much
		margin = (1 + bound) * slack / math.Max(1-slack, 0.01)
	case rule.Key == "delta":
		margin = -math.Log(math.Max(1-slack, 0.01))
	}
	text = capitalised(text)
	switch {
	case math.Abs(found-s.Achieved) > 1e-9*math.Max(1, math.Abs(found)) || math.IsNaN(found):
		return false, Proved, text + " ; la valeur annoncée (" + comma(s.Achieved, 4) +
			") n’est pas celle des fichiers (" + comma(found, 4) + ")."
	case holds:
		return true, Proved, text + "."
	case margin > 0 && found <= bound+margin+tolerance:
		return true, Attested, text + " ; l’écart tient dans la part des personnes retirées, que les fichiers ne " +
			"montrent pas."
	}
	return false, Proved, text + "."
}

// spread is how the values of an attribute lie in the classes of a table. A person with
// several rows may bear several values: sizes and persons count persons, not their values.
type spread struct {
	classes map[int64]map[string]int64 // persons of a class by value
	sizes   map[int64]int64            // persons of a class
	total   map[string]int64           // persons of the table by value
	persons int64                      // of the table
}

// spreadOf is that of a table in which a row is a person.
func spreadOf(cells []cellCount) spread {
	s := spread{map[int64]map[string]int64{}, map[int64]int64{}, map[string]int64{}, 0}
	for _, c := range cells {
		s.total[c.band] += c.persons
		s.persons += c.persons
		if s.classes[c.class] == nil {
			s.classes[c.class] = map[string]int64{}
		}
		s.classes[c.class][c.band] += c.persons
		s.sizes[c.class] += c.persons
	}
	return s
}

// achieved gives the worst class under a model: the least diversity or the
// largest distance.
func achieved(s edition.SensitiveClaim, found spread) (float64, bool) {
	atLeast := ruleOf(s).AtLeast
	worst := 0.0
	if atLeast {
		worst = math.Inf(1)
	}
	for _, id := range slices.Sorted(maps.Keys(found.classes)) {
		x, known := distance(s, found, id)
		if !known {
			return 0, false
		}
		if atLeast {
			worst = math.Min(worst, x)
		} else {
			worst = math.Max(worst, x)
		}
	}
	if len(found.classes) == 0 {
		_, known := distance(s, spreadOf([]cellCount{{1, "", 1}}), 1)
		return s.Achieved, known
	}
	return worst, true
}

// ruleOf is what the table of models tells of a claim, as data: the arithmetic below
// is the audit's own. A model that the table does not name has an empty rule.
func ruleOf(s edition.SensitiveClaim) privacy.Rule {
	rule, _ := privacy.Of(privacy.Model(s.Model))
	return rule
}

// limit is what a found value is held against: of recursive diversity its constant.
func limit(s edition.SensitiveClaim) float64 {
	if ruleOf(s).C == privacy.Must {
		return s.C
	}
	return s.Bound
}

// distance measures one class against the whole table. Formulas: distinct, entropy
// and recursive l-diversity, Machanavajjhala et al. 2007 (exp of the Shannon entropy);
// t-closeness with equal, ordered and hierarchical ground distance, Li, Li and
// Venkatasubramanian 2007; basic and enhanced β-likeness, Cao and Karras 2012;
// δ-disclosure, Brickell and Shmatikov 2008; α, Wong et al. 2006. Diversity and distances
// are of distributions, which add up to 1; β, δ and α of the shares of persons who bear a
// value, which do not where a person bears several.
func distance(s edition.SensitiveClaim, found spread, id int64) (float64, bool) {
	class, total := found.classes[id], found.total
	borne, all := sumOf(class), sumOf(total)
	p := func(b string) float64 { return float64(class[b]) / float64(borne) }
	q := func(b string) float64 { return float64(total[b]) / float64(all) }
	names := sortedKeys(total)
	worst := 0.0
	switch privacy.Model(s.Model) {
	case privacy.DistinctL:
		return float64(len(class)), true
	case privacy.EntropyL:
		h := 0.0
		for _, b := range names {
			if x := p(b); x > 0 {
				h -= x * math.Log(x)
			}
		}
		return math.Exp(h), true
	case privacy.RecursiveCL:
		return recursive(class, int(s.Bound)), true
	case privacy.TEqual:
		for _, b := range names {
			worst += math.Abs(p(b)-q(b)) / 2
		}
		return worst, true
	case privacy.TOrdered:
		return ordered(s.Order, names, p, q), true
	case privacy.THierarchical:
		return hierarchical(s.Tree, names, p, q), true
	case privacy.Beta, privacy.BetaRare, privacy.BetaEnhanced, privacy.Alpha, privacy.Delta:
		for _, b := range names {
			if class[b] == 0 || s.Rare != "" && ruleOf(s).Rare != privacy.Never && b != s.Rare {
				continue
			}
			share := float64(class[b]) / float64(found.sizes[id])
			worst = math.Max(worst, gain(s, share, float64(total[b])/float64(found.persons)))
		}
		return worst, true
	}
	return 0, false
}

func sumOf(counts map[string]int64) (n int64) {
	for _, c := range counts {
		n += c
	}
	return n
}

// recursive is the least constant of recursive diversity: the most frequent value
// over all those of rank l and beyond, infinite when there is none.
func recursive(class map[string]int64, l int) float64 {
	var counts []int64
	for _, n := range class {
		counts = append(counts, n)
	}
	sort.Slice(counts, func(i, j int) bool { return counts[i] > counts[j] })
	if l < 1 || l > len(counts) {
		return math.Inf(1)
	}
	var tail int64
	for _, n := range counts[l-1:] {
		tail += n
	}
	return float64(counts[0]) / float64(tail)
}

// hierarchical is the earth mover's distance on a tree whose leaves lie as far apart
// as the height of the node that joins them, over the height of the tree: half the
// difference of mass under each node below the root, over that height. A value
// without a branch, or a tree that is none, is put as far as can be.
func hierarchical(tree [][]string, names []string, p, q func(string) float64) float64 {
	if !isTree(tree) {
		return 1
	}
	branch := map[string][]string{}
	for _, row := range tree {
		branch[row[0]] = row
	}
	for _, b := range names {
		if branch[b] == nil {
			return 1
		}
	}
	moved, height := 0.0, len(tree[0])-1
	for level := range height {
		under := map[string]float64{}
		for _, b := range names {
			under[branch[b][level]] += p(b) - q(b)
		}
		for _, node := range sortedKeys(under) {
			moved += math.Abs(under[node]) / 2
		}
	}
	return moved / math.Max(1, float64(height))
}

// isTree reports whether branches join upwards: all of one length, each value once,
// no node under two, and one root.
func isTree(tree [][]string) bool {
	above, seen := map[[2]string]string{}, map[string]bool{}
	for _, row := range tree {
		if len(row) == 0 || len(row) != len(tree[0]) || seen[row[0]] || row[len(row)-1] != tree[0][len(row)-1] {
			return false
		}
		seen[row[0]] = true
		for level, node := range row[:len(row)-1] {
			at := [2]string{fmt.Sprint(level), node}
			if parent, met := above[at]; met && parent != row[level+1] {
				return false
			}
			above[at] = row[level+1]
		}
	}
	return len(tree) > 0
}

func gain(s edition.SensitiveClaim, p, q float64) float64 {
	switch privacy.Model(s.Model) {
	case privacy.Alpha:
		return p
	case privacy.Delta:
		return math.Abs(math.Log(p / q))
	case privacy.BetaEnhanced:
		g, own := p/q-1, -math.Log(q)
		switch {
		case g <= 1e-9:
			return 0
		case own < s.Bound && own <= 0:
			return math.Inf(1)
		case own < s.Bound:
			return g * s.Bound / own
		}
		return g
	}
	return p/q - 1
}

// ordered is the earth mover's distance on a line of equal steps: the mass that
// crosses each step, over the number of steps. A value outside the order is put
// as far as can be.
func ordered(order, names []string, p, q func(string) float64) float64 {
	for _, b := range names {
		if !slices.Contains(order, b) {
			return 1
		}
	}
	if len(order) < 2 {
		return 0
	}
	carried, moved := 0.0, 0.0
	for _, b := range order[:len(order)-1] {
		carried += p(b) - q(b)
		moved += math.Abs(carried)
	}
	return moved / float64(len(order)-1)
}

func modelText(s edition.SensitiveClaim) string {
	rule := ruleOf(s)
	if rule.Model == "" {
		return s.Model
	}
	return privacy.Fill(rule.Promise.French, func(x float64) string { return comma(x, 2) }, s.Bound, s.C, s.Rare)
}
