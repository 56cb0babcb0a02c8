package audit

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"path/filepath"
	"slices"
)

const togetherTitle = "Aucun chiffre que cette publication ou une autre des mêmes éditions cache ne se retrouve de tout " +
	"ce qu’elles disent ensemble."

// checkTogether tries again what the publication hides, and what others of the same editions do, by all that they tell
// together: what one tells may be what another hides, or say it. Others than such publications are not laid beside it, and
// nothing is said then; nor without the public key: what another tells is not rendered again, and who emptied it has hashed
// it anew.
func (p *publication) checkTogether(ctx context.Context, in Inputs) {
	if len(in.Beside) == 0 {
		return
	}
	rows, err := p.schoolRows()
	totals, faulty := p.totals()
	if err != nil || faulty != nil {
		p.claim("together", togetherTitle, 0, false, "Les tables des éditions ne peuvent pas être lues.")
		return
	}
	all := *p
	pages, _, _ := pagesOf(p.names, p.files)
	var apart []string
	for _, dir := range in.Beside {
		e := readEarlier(ctx, dir)
		if e == nil || !p.sameEditions(e) || bytes.Equal(e.manifest, p.manifest) ||
			in.PublicKey != nil && !e.signedBy(in.PublicKey) {
			apart = append(apart, filepath.Base(dir))
			continue
		}
		results, _, err := readResults(e.files[resultsFile])
		if err != nil {
			apart = append(apart, filepath.Base(dir))
			continue
		}
		all.results = slices.Concat(all.results, results)
		more, _, _ := pagesOf(e.names, e.files)
		pages = append(pages, more...)
	}
	all.results, pages = hiddenFirst(all.results), pagesHiddenFirst(pages)
	t := tryHidden(all.searches(totals, pages, rows, true), func(figure) bool { return true }, func() []*search {
		return all.searches(totals, pages, rows, false)
	})
	proof, unsigned := Proved, ""
	if in.PublicKey == nil {
		unsigned = "sans la clé publique, rien ne dit que l’autre publication est celle qui est sortie"
	}
	if len(apart) > 0 || unsigned != "" {
		proof = Unverifiable // and the detail says why
	}
	p.report.claim(cmp.Or(p.name, publicationName), "together", togetherTitle, proof, t.tried,
		len(t.narrow)+len(t.unsolved) == 0,
		outcome("Aucun.", named("retrouvés", t.narrow), named("sans solution", t.unsolved),
			named("cette publication même, non signées par cette clé, altérées, d’autres éditions ou d’autres règles", apart),
			unsigned),
		num("publications", int64(len(in.Beside)-len(apart))), num("nombres secrets, essayés", t.tried),
		num("retrouvés", int64(len(t.narrow))))
}

// sameEditions reports whether another publication is of the same editions, under the same rules.
func (p *publication) sameEditions(e *earlier) bool {
	s, ok := readStamp(p.manifest)
	return ok && maps.Equal(s.Editions, e.stamp.Editions) && bytes.Equal(p.files[rulesFile], e.files[rulesFile])
}

// hiddenFirst puts what is hidden before what is told: of a figure that one publication hides and another tells, it is what
// must not follow.
func hiddenFirst(results []result) []result {
	return slices.SortedStableFunc(slices.Values(results), func(a, b result) int { return rank(a) - rank(b) })
}

func rank(r result) int {
	if r.Status == "suppressed" {
		return 0
	}
	return 1
}

// pagesHiddenFirst gives pages twice: what they hide, then the rest.
func pagesHiddenFirst(pages []schoolFile) (out []schoolFile) {
	for _, hidden := range []bool{true, false} {
		other := func(r result) bool { return (r.Status == "suppressed") != hidden }
		for _, f := range pages {
			f.Results = slices.DeleteFunc(slices.Clone(f.Results), other)
			f.Similar = slices.DeleteFunc(slices.Clone(f.Similar), other)
			out = append(out, f)
		}
	}
	return out
}
