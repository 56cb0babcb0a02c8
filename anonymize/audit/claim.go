package audit

import (
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// Proof says how a claim is known. The words are those the report prints.
type Proof string

// The three kinds of claims.
const (
	Proved       Proof = "prouvé par les fichiers"
	Attested     Proof = "attesté"
	Unverifiable Proof = "non vérifiable"
)

// Claim is one statement on a product and what the audit found.
type Claim struct {
	ID      string `json:"id"`      // stable, e.g. research.k
	Product string `json:"product"` // research, schools or publication
	Title   string `json:"title"`   // what is claimed, a French sentence
	Proof   Proof  `json:"proof"`
	// Tried counts what the audit looked at: rows, files, figures. A claim that tried
	// nothing is never held.
	Tried  int64  `json:"tried"`
	Result Result `json:"result"`
	// Detail says in French what was found.
	Detail string `json:"detail"`
	// Numbers are the evidence; none is a value of a person.
	Numbers []Number `json:"numbers"`
}

// Result is what became of a claim. The words are those the report prints.
type Result string

// The results. NotVerified is no good result: nothing was tried, or somebody attests it.
const (
	Holds       Result = "tient"
	Fails       Result = "ne tient pas"
	NotVerified Result = "non vérifié"
)

// resultOf is Holds only of what the files prove, where something was tried.
func resultOf(proof Proof, tried int64, ok bool) Result {
	switch {
	case !ok:
		return Fails
	case proof == Proved && tried > 0:
		return Holds
	}
	return NotVerified
}

// Number is one piece of evidence.
type Number struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// Verdict on one criterion.
type Verdict string

// The verdicts.
const (
	Conform    Verdict = "conforme"
	Reserve    Verdict = "réserve"
	NotConform Verdict = "non conforme"
)

// Criterion is one of the three criteria of the opinion WP216 for one product.
type Criterion struct {
	Product string  `json:"product"`
	Name    string  `json:"name"` // individualisation, corrélation, inférence
	Verdict Verdict `json:"verdict"`
	Why     string  `json:"why"`
}

// Product is one audited thing.
type Product struct {
	Kind  string `json:"kind"` // research, schools, publication
	Name  string `json:"name"`
	Study string `json:"study"`
	Term  string `json:"term"`
	Start string `json:"start"`
	End   string `json:"end"`
	// Manifest is the SHA-256 of manifest.json or results.json: what to quote.
	Manifest   string `json:"manifest"`
	Software   string `json:"software"`
	InputHash  string `json:"input_hash"`
	ConfigHash string `json:"config_hash"`
	KeyID      string `json:"key_id"`
	Synthetic  bool   `json:"synthetic"`
	// Files is the number of files read.
	Files int `json:"files"`
	// Quasi and Sensitive describe a person table; empty otherwise.
	Quasi     []QuasiLine     `json:"quasi_identifiers"`
	Sensitive []SensitiveLine `json:"sensitive"`
	Attacks   []Attack        `json:"attacks"`
	// Twins are the attacks that twins of the person table stood, as the operator attests.
	Twins []edition.AttackResult `json:"twin_attacks,omitempty"`
	// Alone says who is alone in it.
	Alone *Alone `json:"alone,omitempty"`
	// Hidden are the secret figures of a publication and what all of it says of them.
	Hidden []Hidden `json:"hidden"`
	// Untried are its hidden figures that are in no programme.
	Untried []Untried `json:"untried,omitempty"`
}

// Attack is the inference attack on one behaviour: how often its best guess is
// right without and with the person's profile, 0 to 1.
type Attack struct {
	Name    string  `json:"name"`
	Without float64 `json:"without"`
	With    float64 `json:"with"`
}

// QuasiLine is one quasi-identifier of the person table.
type QuasiLine struct {
	Name   string `json:"name"`
	Level  int    `json:"level"`  // of its hierarchy; 0 is the finest
	Values int64  `json:"values"` // distinct values released
}

// SensitiveLine is one promised bound and what the files give.
type SensitiveLine struct {
	Name      string  `json:"name"`
	Model     string  `json:"model"`
	Bound     float64 `json:"bound"`
	Announced float64 `json:"announced"`
	Found     float64 `json:"found"`
	OK        bool    `json:"ok"`
}

// Report is the whole audit.
type Report struct {
	Version    int         `json:"version"` // 2
	Synthetic  bool        `json:"synthetic"`
	Products   []Product   `json:"products"`
	Claims     []Claim     `json:"claims"`
	Criteria   []Criterion `json:"criteria"`
	OpenPoints []string    `json:"open_points"`
	Ledger     Ledger      `json:"ledger"`
	NotFor     string      `json:"not_for"`
}

// notFor is the sentence every audit carries (GDPR, recital 162).
const notFor = "Ces données et ces chiffres ne servent à aucune mesure ni décision concernant un élève, un parent, " +
	"une famille, un enseignant ou un autre agent, ni à comparer des personnes ou à classer des établissements " +
	"(RGPD, considérant 162)."

func newReport() *Report { return &Report{Version: 2, NotFor: notFor, Claims: []Claim{}} }

// OK reports whether no claim fails.
func (r *Report) OK() bool { return len(r.Failed()) == 0 && len(r.Claims) > 0 }

// Failed are the claims that do not hold.
func (r *Report) Failed() []Claim { return r.With(Fails) }

// With are the claims of a result, in order.
func (r *Report) With(result Result) []Claim {
	var out []Claim
	for _, c := range r.Claims {
		if c.Result == result {
			out = append(out, c)
		}
	}
	return out
}

// claim adds a claim for which the audit looked at tried things.
func (r *Report) claim(product, id, title string, proof Proof, tried int64, ok bool, detail string, numbers ...Number) {
	if numbers == nil {
		numbers = []Number{}
	}
	result := resultOf(proof, tried, ok)
	if result == NotVerified && proof == Proved {
		detail = "Rien n’était à vérifier dans ces fichiers."
	}
	r.Claims = append(r.Claims, Claim{
		ID: product + "." + id, Product: product, Title: title, Proof: proof, Tried: tried, Result: result,
		Detail: detail, Numbers: numbers,
	})
}

func num(name string, value int64) Number { return Number{name, float64(value)} }

// worst is the worst result among the claims of a product whose id starts with one of
// the prefixes. What is attested by its nature does not weigh on a verdict of the files.
func (r *Report) worst(product string, prefixes ...string) Result {
	worst := Holds
	for _, c := range r.Claims {
		if c.Product != product || c.Result == Holds || c.Result == NotVerified && c.Proof != Proved {
			continue
		}
		for _, p := range prefixes {
			if strings.HasPrefix(c.ID, product+"."+p) && worst != Fails {
				worst = c.Result
			}
		}
	}
	return worst
}
