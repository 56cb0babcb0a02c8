package audit

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
	OK      bool   `json:"ok"`
	// Detail says in French what was found.
	Detail string `json:"detail"`
	// Numbers are the evidence; none is a value of a person.
	Numbers []Number `json:"numbers"`
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

// Ledger is the legal record the controller fills in. Empty fields are printed
// as still to be completed.
type Ledger struct {
	Controller    string `json:"controller"`
	Processors    string `json:"processors"`
	LegalBasis    string `json:"legal_basis"`
	Compatibility string `json:"compatibility"`
	DPIA          string `json:"dpia"`
	Convention    string `json:"convention"`
	Notice        string `json:"notice"`
	Objections    string `json:"objections"`
	KeyCustodians string `json:"key_custodians"`
	Retention     string `json:"retention"`
	NextReview    string `json:"next_review"`
}

// Report is the whole audit.
type Report struct {
	Version    int         `json:"version"` // 1
	Synthetic  bool        `json:"synthetic"`
	Products   []Product   `json:"products"`
	Claims     []Claim     `json:"claims"`
	Criteria   []Criterion `json:"criteria"`
	OpenPoints []string    `json:"open_points"`
	Ledger     Ledger      `json:"ledger"`
	NotFor     string      `json:"not_for"`
}

// notFor is the sentence every audit carries (GDPR, recital 162).
const notFor = "Ces données et ces chiffres ne servent à aucune mesure ni décision concernant un élève, un parent, une famille, un enseignant ou un autre agent, ni à comparer des personnes ou à classer des établissements (RGPD, considérant 162)."

func newReport() *Report { return &Report{Version: 1, NotFor: notFor, Claims: []Claim{}} }

// OK reports whether every claim holds.
func (r *Report) OK() bool { return len(r.Failed()) == 0 && len(r.Claims) > 0 }

// Failed are the claims that do not hold.
func (r *Report) Failed() []Claim {
	var out []Claim
	for _, c := range r.Claims {
		if !c.OK {
			out = append(out, c)
		}
	}
	return out
}

// Merge puts several audits into one report; the ledger of the first that has
// one is kept.
func Merge(reports ...*Report) *Report {
	out := newReport()
	for _, r := range reports {
		if r == nil {
			continue
		}
		out.Synthetic = out.Synthetic || r.Synthetic
		out.Products = append(out.Products, r.Products...)
		out.Claims = append(out.Claims, r.Claims...)
		out.Criteria = append(out.Criteria, r.Criteria...)
		for _, p := range r.OpenPoints {
			if !contains(out.OpenPoints, p) {
				out.OpenPoints = append(out.OpenPoints, p)
			}
		}
		if out.Ledger == (Ledger{}) {
			out.Ledger = r.Ledger
		}
	}
	return out
}

// claim adds a claim. Numbers come as name, value pairs.
func (r *Report) claim(product, id, title string, proof Proof, ok bool, detail string, numbers ...Number) {
	if numbers == nil {
		numbers = []Number{}
	}
	r.Claims = append(r.Claims, Claim{ID: product + "." + id, Product: product, Title: title, Proof: proof, OK: ok, Detail: detail, Numbers: numbers})
}

func num(name string, value int64) Number { return Number{name, float64(value)} }

// holds reports whether all claims of a product whose id starts with one of the
// prefixes hold.
func (r *Report) holds(product string, prefixes ...string) bool {
	for _, c := range r.Claims {
		if c.Product != product || c.OK {
			continue
		}
		for _, p := range prefixes {
			if len(c.ID) >= len(product)+1+len(p) && c.ID[len(product)+1:len(product)+1+len(p)] == p {
				return false
			}
		}
	}
	return true
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
