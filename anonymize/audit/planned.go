package audit

import (
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/edition"
)

var editionName = regexp.MustCompile(`^(research|schools)-[A-Za-z0-9][A-Za-z0-9._-]*$`)

// soundPlan reports whether what a manifest says of a plan is a hash and names of editions.
func soundPlan(p *edition.Plan) bool {
	if p == nil {
		return true
	}
	for _, name := range p.Earlier {
		if !editionName.MatchString(name) {
			return false
		}
	}
	return sha256Text.MatchString(p.SHA256)
}

const planTitle = "Les comparaisons dites principales sont celles du plan d’analyse joint, et la publication dit " +
	"s’il précède l’édition."

// checkPlan reads the plan in the manifest of the publication: its families that are primary
// are those of the results, and what the front page says of the order of plan and edition is
// what the manifest of the edition shows.
func (p *publication) checkPlan() {
	stamp, ok := readStamp(p.manifest)
	if !ok || stamp.Plan == "" {
		return // said already, or there is no such promise
	}
	var plan struct {
		Study struct {
			Editions []string `toml:"editions_already_there"`
		} `toml:"study"`
		Families []struct {
			Name    string `toml:"name"`
			Primary bool   `toml:"primary"`
		} `toml:"family"`
	}
	if err := toml.Unmarshal([]byte(stamp.Plan), &plan); err != nil {
		p.claim("plan", planTitle, 0, false, "Le plan est illisible.")
		return
	}
	primary := map[string]bool{}
	for _, f := range plan.Families {
		primary[f.Name] = f.Primary
	}
	var wrong []string
	tried := int64(len(p.comparisons))
	for _, c := range p.comparisons {
		if c.Primary != primary[c.Family] {
			wrong = append(wrong, c.String())
		}
	}
	for _, f := range p.editions {
		if f.manifest.Kind != edition.KindResearch {
			continue
		}
		tried++ // what comes first, and that the front page says so
		m := f.manifest.Plan
		before := m != nil && m.SHA256 == hash([]byte(stamp.Plan)) && len(m.Earlier)+len(plan.Study.Editions) == 0
		front := string(p.files["report/index.html"])
		said := strings.Contains(front, "plan d’analyse a été écrit avant l’ouverture") ||
			strings.Contains(front, "analysis plan was written before")
		if before != said {
			wrong = append(wrong, "l’ordre du plan et de l’édition")
		}
	}
	p.claim("plan", planTitle, tried, len(wrong) == 0, outcome("Ce sont elles.",
		named("autrement", wrong)), num("familles du plan", int64(len(plan.Families))))
}
