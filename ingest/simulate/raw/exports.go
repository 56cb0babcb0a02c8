package raw

import (
	"strconv"
	"time"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// holders gives each person with an account on a system.
func (b *basin) holders(system int, give func(p *region.Person, id identity, number string)) {
	for who := range b.People {
		p := &b.People[who]
		for _, si := range p.Schools[:p.SchoolCount] {
			if b.Schools[si].System == system {
				give(p, b.identity(p), strconv.FormatInt(p.Number, 10))
				break
			}
		}
	}
}

// exports are the accounts of every product.
var exports = []table{
	{path: "accounts/entcore.csv", rows: (*basin).entcoreAccounts,
		header: "id;externalId;profil;nom;prenom;courriel;mobile;date_creation;date_activation\n"},
	{path: "accounts/uportal.csv", rows: (*basin).uportalAccounts,
		header: "uid,ENTPersonJointure,objectClass,cn,mail,mobile,creation,activation\n"},
	{path: "accounts/cas.csv", rows: (*basin).casAccounts,
		header: "Identifiant;Code AAF;Type de compte;Nom;Courriel;Téléphone portable;Créé le;Activé le\r\n"},
	{path: "accounts/visio.csv", rows: (*basin).visioAccounts, years: true,
		header: "Code AAF;Identifiant;Type de compte\n"},
}

// entcoreAccounts puts the accounts of entcore; some parents have two.
func (b *basin) entcoreAccounts(put put) {
	b.holders(region.SystemEntcore, func(p *region.Person, id identity, number string) {
		accounts := []string{b.account(p, region.SystemEntcore)}
		if b.doubled(p) {
			accounts = append(accounts, uuid(b.entcoreAccount(p, 1)))
		}
		for _, a := range accounts {
			put(a, number, entcoreProfiles.of(p), id.surname, id.given, id.email, id.phone,
				b.dayText(p.Created, time.DateOnly), b.dayText(p.Activated, time.DateOnly))
		}
	})
}

func (b *basin) uportalAccounts(put put) {
	b.holders(region.SystemUportal, func(p *region.Person, id identity, number string) {
		put(b.account(p, region.SystemUportal), number, uportalClasses.of(p), id.given+" "+id.surname, id.email,
			id.phone, b.dayText(p.Created, "20060102"), b.dayText(p.Activated, "20060102"))
	})
}

func (b *basin) casAccounts(put put) {
	b.holders(region.SystemPronote, func(p *region.Person, id identity, number string) {
		put(b.account(p, region.SystemPronote), number, casKinds.of(p), id.surname+" "+id.given, id.email, id.phone,
			b.dayText(p.Created, french), b.dayText(p.Activated, french))
	})
}

// visioAccounts puts the accounts of the video service: every guardian has one.
func (b *basin) visioAccounts(put put) {
	for who, p := range b.Each(region.RoleParent) {
		put(b.id(who), b.visioAccount(p), registerProfiles.of(p))
	}
}
