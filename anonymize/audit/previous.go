package audit

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"path"
	"slices"
)

// pastFigures are the figures of an earlier period beside those of a file.
type pastFigures struct {
	Term    string   `json:"term"`
	Start   string   `json:"start"`
	End     string   `json:"end"`
	Results []result `json:"results"`
}

// earlier is the publication of an earlier period, as its folder has it.
type earlier struct {
	*publication
	stamp stamp
}

// readEarlier reads the folder of an earlier publication; nil where it is none that is whole:
// each file that its manifest lists, and no other.
func readEarlier(ctx context.Context, dir string) *earlier {
	e := &earlier{publication: &publication{report: newReport(), files: map[string][]byte{},
		audit: map[string][]byte{}}}
	if err := e.read(ctx, dir); err != nil {
		return nil
	}
	var ok bool
	if e.stamp, ok = readStamp(e.manifest); !ok || len(e.odd) > 0 {
		return nil
	}
	for name, data := range e.audit {
		e.files["audit/"+name] = data
	}
	for name, data := range e.files {
		if e.stamp.Files[name] != hash(data) {
			return nil
		}
	}
	if len(e.files) != len(e.stamp.Files) {
		return nil
	}
	return e
}

// signedBy reports whether a key signed it.
func (e *earlier) signedBy(key ed25519.PublicKey) bool {
	return len(e.signed) == ed25519.SignatureSize && ed25519.Verify(key, e.manifest, e.signed)
}

// figures are those of a file of an earlier publication, by their names.
func (e *earlier) figures(name string) map[string]result {
	var said struct {
		Results []result `json:"results"`
	}
	out := map[string]result{}
	if err := json.Unmarshal(e.files[name], &said); err != nil {
		return out
	}
	for _, r := range said.Results {
		out[r.Edition+" "+r.String()] = r
	}
	return out
}

const previousTitle = "Les chiffres des périodes précédentes sont ceux des publications antérieures que le manifeste " +
	"nomme, tels qu’ils ont été publiés."

// checkPrevious lays what a publication shows of earlier periods beside the publications of
// these: whole, of the same study and people, of days before, signed where the key is known.
func (p *publication) checkPrevious(ctx context.Context, in Inputs) {
	s, ok := readStamp(p.manifest)
	if !ok || len(s.Previous) == 0 && len(in.Previous) == 0 {
		return // said already, or nothing is shown
	}
	if len(in.Previous) == 0 {
		p.report.claim(cmp.Or(p.name, publicationName), "previous", previousTitle, Unverifiable, 0, true,
			"Les publications antérieures n’ont pas été données à l’audit.")
		return
	}
	var wrong []string
	byHash := map[string]*earlier{}
	for _, dir := range in.Previous {
		if e := readEarlier(ctx, dir); e != nil {
			byHash[hash(e.manifest)] = e
		}
	}
	var past []*earlier
	for _, want := range s.Previous {
		e := byHash[want]
		if e == nil {
			wrong = append(wrong, "une publication antérieure absente ou altérée")
			continue
		}
		was := e.stamp.Period
		if was.Study != s.Period.Study || was.Subject != s.Period.Subject || was.Synthetic != s.Period.Synthetic ||
			was.End >= s.Period.Start || len(past) > 0 && past[len(past)-1].stamp.Period.End >= was.Start {
			wrong = append(wrong, "une publication d’une autre étude, ou d’une période qui n’est pas antérieure")
		}
		if in.PublicKey != nil && !e.signedBy(in.PublicKey) {
			wrong = append(wrong, "une publication antérieure que cette clé n’a pas signée")
		}
		past = append(past, e)
	}
	if len(byHash) != len(s.Previous) {
		wrong = append(wrong, "d’autres publications que celles du manifeste")
	}
	compared, far := p.pastFigures(past)
	p.claim("previous", previousTitle, compared, len(wrong)+len(far) == 0,
		outcome("Les mêmes.", named("en cause", wrong),
			named("différents", far)), num("chiffres comparés", compared), num("publications", int64(len(past))))
}

// pastFigures compares what files say of earlier periods with the publications of these, and
// names what is not there, or other.
func (p *publication) pastFigures(past []*earlier) (compared int64, far []string) {
	var last *earlier
	if len(past) > 0 {
		last = past[len(past)-1]
	}
	for _, name := range p.names {
		var said struct {
			Previous []pastFigures `json:"previous"`
		}
		folder := path.Dir(name)
		if folder != "report" && folder != "schools" || path.Ext(name) != ".json" ||
			json.Unmarshal(p.files[name], &said) != nil {
			continue
		}
		for _, f := range said.Previous {
			of, source := last, "results.json"
			if folder == "schools" {
				source = name
				if i := slices.IndexFunc(past, func(e *earlier) bool { return e.stamp.Period.Term == f.Term }); i >= 0 {
					of = past[i]
				}
			}
			if of == nil || of.stamp.Period.Term != f.Term || of.stamp.Period.Start != f.Start ||
				of.stamp.Period.End != f.End {
				far = append(far, name)
				continue
			}
			figures := of.figures(source)
			for _, r := range f.Results {
				compared++
				want, ok := figures[r.Edition+" "+r.String()]
				if !ok || want.Status != r.Status || !same(want.Estimate, r.Estimate) || !same(want.Low, r.Low) ||
					!same(want.High, r.High) {
					far = append(far, name)
					break
				}
			}
		}
	}
	return compared, far
}
