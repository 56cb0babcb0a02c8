package raw

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
)

var surnames = []string{
	"Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy", "Moreau", "Simon",
	"Laurent", "Lefèbvre", "Michel", "Garcia", "Diallo", "Nguyễn", "Traoré", "Benali", "Müller", "D'Almeida",
	"Le Goff", "Kowalski", "Şahin", "Çelik", "N'Diaye", "Østergård", "Ferreira", "Haddad", "Œuvrard",
}

var givenNames = []string{
	"Camille", "Zoé", "Anaïs", "Léa", "Inès", "Jeanne", "Aïcha", "Fatou", "Maëlys", "Chloé", "Lucas", "Noël",
	"Hugo", "Mamadou", "Rayan", "Théo", "Gaël", "Loïc", "José", "Łukasz",
}

// hostile names try what careless programs do with text.
var hostile = []string{
	`<script>alert(1)</script>`, `=HYPERLINK("http://exemple.test";"clic")`, `Robert'); DROP TABLE parents;--`,
	`Jean "Jeannot"`, `a;b;c`, `+33`, `Zoë & Fils`, "Anne\u00a0Marie", `]]>`, `%s%n`,
}

// accounts gives names and account ids to the people of a region.
type accounts struct {
	seed uint64
	// doubleEvery: one entcore parent in so many has two accounts.
	doubleEvery uint64
}

func accountsOf(r *region.Region) accounts {
	return accounts{r.Seed, uint64(math.Round(1 / r.Assumed.TwoAccounts))}
}

// identity is what a person is called.
type identity struct{ given, surname, email, phone, birth, login string }

func (a accounts) identity(p *region.Person) identity {
	h := random.Mix(a.seed, random.Names, uint64(p.Role), uint64(p.Number))
	family := h
	if p.Family >= 0 {
		family = random.Mix(a.seed, random.Names, uint64(p.Number/1_000_000), uint64(p.Family), 3)
	}
	id := identity{given: givenNames[h%uint64(len(givenNames))], surname: surnames[family%uint64(len(surnames))]}
	if h>>20%400 == 0 {
		id.surname = hostile[h>>32%uint64(len(hostile))]
	}
	plain := ascii(id.given) + "." + ascii(id.surname)
	id.login = strings.ToLower(plain) + "." + strconv.FormatInt(p.Number*3+int64(p.Role), 36)
	if p.Email {
		id.email = fmt.Sprintf("%s.%d@exemple.test", strings.ToLower(plain), p.Number)
	}
	if p.Mobile {
		id.phone = fmt.Sprintf("06 39 98 %02d %02d", h>>8%100, h>>16%100)
	}
	year := 2025 - 30 - int(h>>40%25)
	if p.Role == region.RolePupil {
		year = 2025 - 7 - int(h>>40%11)
	}
	id.birth = fmt.Sprintf("%02d/%02d/%d", 1+h>>45%28, 1+h>>50%12, year)
	return id
}

// ascii keeps the letters a login may hold.
func ascii(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			b.WriteRune(c)
		case strings.ContainsRune("éèêëÉ", c):
			b.WriteByte('e')
		case strings.ContainsRune("ïî", c):
			b.WriteByte('i')
		}
	}
	if b.Len() == 0 {
		return "compte"
	}
	return b.String()
}

// ine is a number of the shape of the national pupil identifier: nine digits
// and two letters.
func (a accounts) ine(p *region.Person) string {
	h := random.Mix(a.seed, random.Names, uint64(p.Number), 11)
	return fmt.Sprintf("%09d%c%c", h%1_000_000_000, 'A'+rune(h>>32%26), 'A'+rune(h>>40%26))
}

// profiles are what a system calls a parent, a pupil, a teacher and other staff.
type profiles [4]string

func (names *profiles) of(p *region.Person) string {
	if p.Role == region.RoleStaff && !p.Teacher {
		return names[3]
	}
	return names[p.Role]
}

var (
	entcoreProfiles  = profiles{"Relative", "Student", "Teacher", "Personnel"}
	uportalClasses   = profiles{"ENTAuxPersRelEleve", "ENTEleve", "ENTAuxEnseignant", "ENTAuxNonEnsEtab"}
	casKinds         = profiles{"Parent", "Élève", "Professeur", "Personnel"}
	registerProfiles = profiles{"Responsable", "Élève", "Enseignant", "Personnel"}
)
