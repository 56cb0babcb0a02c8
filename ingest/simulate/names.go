package simulate

import (
	"fmt"
	"strconv"
	"strings"
)

// Everything here is made to look like what a raw log holds and must die at the
// edge: names, addresses, numbers, account ids. Names are common or invented,
// addresses are of the reserved domain exemple.test, phones of the block that
// the regulator keeps for fiction (06 39 98 …), IPs of documentation blocks.

var surnames = []string{"Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy", "Moreau",
	"Simon", "Laurent", "Lefèbvre", "Michel", "Garcia", "Diallo", "Nguyễn", "Traoré", "Benali", "Müller",
	"D'Almeida", "Le Goff", "Kowalski", "Şahin", "Çelik", "N'Diaye", "Østergård", "Ferreira", "Haddad", "Œuvrard"}

var givenNames = []string{"Camille", "Zoé", "Anaïs", "Léa", "Inès", "Jeanne", "Aïcha", "Fatou", "Maëlys", "Chloé",
	"Lucas", "Noël", "Hugo", "Mamadou", "Rayan", "Théo", "Gaël", "Loïc", "José", "Łukasz"}

// hostile names try what careless programs do with text.
var hostile = []string{`<script>alert(1)</script>`, `=HYPERLINK("http://exemple.test";"clic")`, `Robert'); DROP TABLE parents;--`,
	`Jean "Jeannot"`, `a;b;c`, `+33`, `Zoë & Fils`, "Anne\u00a0Marie", `]]>`, `%s%n`}

// identity is what a person is called.
type identity struct{ given, surname, email, phone, birth, login string }

func (r *region) identity(p *person) identity {
	h := mix(r.seed, streamNames, uint64(p.role), uint64(p.number))
	family := h
	if p.family >= 0 {
		family = mix(r.seed, streamNames, uint64(p.number/1_000_000), uint64(p.family), 3)
	}
	id := identity{given: givenNames[h%uint64(len(givenNames))], surname: surnames[family%uint64(len(surnames))]}
	if h>>20%400 == 0 {
		id.surname = hostile[h>>32%uint64(len(hostile))]
	}
	plain := ascii(id.given) + "." + ascii(id.surname)
	id.login = strings.ToLower(plain) + "." + strconv.FormatInt(p.number*3+int64(p.role), 36)
	if p.email {
		id.email = fmt.Sprintf("%s.%d@exemple.test", strings.ToLower(plain), p.number)
	}
	if p.mobile {
		id.phone = fmt.Sprintf("06 39 98 %02d %02d", h>>8%100, h>>16%100)
	}
	year := 2025 - 30 - int(h>>40%25)
	if p.role == rolePupil {
		year = 2025 - 7 - int(h>>40%11)
	}
	id.birth = fmt.Sprintf("%02d/%02d/%d", 1+h>>45%28, 1+h>>50%12, year)
	return id
}

// ascii keeps the letters a log in may hold.
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

// accountHash separates the accounts of a person on the three systems.
func (r *region) accountHash(p *person, system int) uint64 {
	return mix(r.seed, streamNames, uint64(p.role), uint64(p.number), uint64(system)+100)
}

// uuid is a version 4 UUID made of a number.
func uuid(h uint64) string {
	var b [36]byte
	return string(appendUUID(b[:0], h))
}

const hexDigits = "0123456789abcdef"

func appendUUID(dst []byte, h uint64) []byte {
	lo := h*0xbf58476d1ce4e5b9 ^ h>>29
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			dst = append(dst, '-')
		}
		x := h
		if i >= 16 {
			x = lo
		}
		c := hexDigits[x>>(60-4*(i%16))&15]
		switch i {
		case 12:
			c = '4'
		case 16:
			c = "89ab"[x>>60&3]
		}
		dst = append(dst, c)
	}
	return dst
}

// uportalUID is a log in as the RECIA portal makes them: a letter, two digits of
// the year, a base-36 number.
func (r *region) uportalUID(p *person) string {
	return "F25" + strconv.FormatInt(p.number*3+int64(p.role), 36)
}

// account is the account id of a person on a system.
func (r *region) account(p *person, system int) string {
	switch system {
	case systemEntcore:
		return uuid(r.accountHash(p, systemEntcore))
	case systemUportal:
		return r.uportalUID(p)
	}
	return r.identity(p).login
}

// ine is a number of the shape of the national pupil identifier: nine digits
// and two letters.
func (r *region) ine(p *person) string {
	h := mix(r.seed, streamNames, uint64(p.number), 11)
	return fmt.Sprintf("%09d%c%c", h%1_000_000_000, 'A'+rune(h>>32%26), 'A'+rune(h>>40%26))
}

// doubled says that a parent got a second account on entcore, as after a bad
// import: some of the visits are written under it.
func (r *region) doubled(p *person) bool {
	return p.role == roleParent && p.created < 0 && mix(r.seed, streamNames, uint64(p.number), 12)%doubleEvery == 0
}

// entcoreAccount is the account under which a visit is written.
func (r *region) entcoreAccount(p *person, visit int32) uint64 {
	h := r.accountHash(p, systemEntcore)
	if visit%2 == 1 && r.doubled(p) {
		h = mix(h, 13)
	}
	return h
}

// jointure is the person's identifier in the academic directory.
func jointure(p *person) int64 { return p.number }

var phoneAgents = []string{
	"Mozilla/5.0 (Linux; Android 13; SM-A536B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Mobile Safari/537.36",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (Linux; Android 14; Pixel 7a) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Mobile Safari/537.36",
	"Mozilla/5.0 (Android 12; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0",
}

var computerAgents = []string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Safari/537.36",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15",
	"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
}

var tabletAgents = []string{
	"Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Safari/537.36",
}

// agent is the user agent of a person on a class of device; the machine of a
// person stays the same.
func agent(device uint8, h uint64) string {
	switch device {
	case 1:
		return computerAgents[h%4]
	case 2:
		return phoneAgents[h%4]
	case 3:
		return tabletAgents[h%2]
	}
	return ""
}

// appendIP writes an address of the documentation blocks (RFC 5737).
func appendIP(dst []byte, h uint64) []byte {
	dst = append(dst, [3]string{"192.0.2.", "198.51.100.", "203.0.113."}[h%3]...)
	return appendInt(dst, int64(1+h>>8%254))
}
