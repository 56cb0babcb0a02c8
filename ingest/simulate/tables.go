package simulate

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
)

// The region's CSV files, in the order of tables. Each basin renders its part;
// the parts are put together in order.
const (
	tableAccountsEntcore = iota
	tableAccountsUportal
	tableAccountsCAS
	tablePublications
	tableAccompaniment
	tableEquipment
	tableMessages
	tableContents
	tableSettings
	tableBooks
	tableProcedures // from here on of years alone
	tableLoans
	tableTraining
	tableMeetings
	tableAccountsVisio
	tableCount
)

type table struct{ path, heading string }

var tables = [tableCount]table{
	{"raw/accounts/entcore.csv", "id;externalId;profil;nom;prenom;courriel;mobile;date_creation;date_activation\n"},
	{"raw/accounts/uportal.csv", "uid,ENTPersonJointure,objectClass,cn,mail,mobile,creation,activation\n"},
	{"raw/accounts/cas.csv", "Identifiant;Code AAF;Type de compte;Nom;Courriel;Téléphone portable;Créé le;Activé le\r\n"},
	{"raw/registers/publications.csv", "UAI;Classe;Matière;Publié le;Évalué le;Rendu le\r\n"},
	{"raw/registers/accompagnement.csv", "Responsable;Nom;Date;Forme;Mode\r\n"},
	{"raw/registers/equipement.csv", "Eleve,Ordinateur,Internet fixe,Date\n"},
	{"raw/registers/messages.csv", "Message;Fil;UAI;Expéditeur;Profil expéditeur;Destinataire;Profil destinataire;Envoyé le;Ouvert le;Destinataires;Octets;Fichier;Réponse avant\n"},
	{"raw/registers/contenus.csv", "UAI;Classe;Publié le;Type;Média\n"},
	{"raw/registers/parametres.csv", "UAI;Paramètre;Valeur;Du;Au\n"},
	{"raw/registers/livrets.csv", "UAI;Niveau;Publié le\n"},
	{"raw/registers/demarches.csv", "Eleve;Démarche;Échéance;Faite le\n"},
	{"raw/registers/prets.csv", "Eleve;Demandé le;Prêté le;Rendu le\n"},
	{"raw/registers/formations.csv", "UAI;Date;Sessions\n"},
	{"raw/registers/reunions.csv", "Réunion;Responsable;Date;Présent\n"},
	{"raw/accounts/visio.csv", "Code AAF;Identifiant;Type de compte\n"},
}

// csvField quotes a field that needs it.
func csvField(s string, delimiter string) string {
	if strings.ContainsAny(s, "\"\r\n"+delimiter) {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// renderTables writes the basin's part of every CSV.
func (b *basin) renderTables() ([tableCount][]byte, error) {
	var out [tableCount]bytes.Buffer
	for who := range b.people {
		b.renderAccounts(&out, who)
	}
	b.renderPublications(&out[tablePublications])
	b.renderRegisters(&out)
	b.renderCustoms(&out)
	var parts [tableCount][]byte
	for t := range out {
		parts[t] = out[t].Bytes()
	}
	var err error
	parts[tablePublications], err = latin(parts[tablePublications])
	return parts, err
}

// latin encodes in ISO-8859-15, as the vie scolaire product exports.
func latin(text []byte) ([]byte, error) {
	out, err := charmap.ISO8859_15.NewEncoder().Bytes(text)
	if err != nil {
		return nil, fmt.Errorf("encode publications in iso-8859-15: %w", err)
	}
	return out, nil
}

func (b *basin) dayText(day int, layout string) string {
	if day == noDay || day >= b.w.days {
		return ""
	}
	return b.w.date(day).Format(layout)
}

func (b *basin) renderAccounts(out *[tableCount]bytes.Buffer, who int) {
	p := &b.people[who]
	id := b.r.identity(p)
	number := strconv.FormatInt(jointure(p), 10)
	var done [3]bool
	for i := range p.nschools {
		system := b.schools[p.schools[i]].system
		if done[system] {
			continue
		}
		done[system] = true
		account := b.r.account(p, system)
		switch system {
		case systemEntcore:
			profile := entcoreProfiles[p.role]
			if p.role == roleStaff && !p.teacher {
				profile = "Personnel"
			}
			accounts := []string{account}
			if b.r.doubled(p) {
				accounts = append(accounts, uuid(b.r.entcoreAccount(p, 1)))
			}
			for _, a := range accounts {
				row(&out[tableAccountsEntcore], ";", "\n", a, number, profile, id.surname, id.given, id.email, id.phone,
					b.dayText(p.created, time.DateOnly), b.dayText(p.activated, time.DateOnly))
			}
		case systemUportal:
			class := uportalClasses[p.role]
			if p.role == roleStaff && !p.teacher {
				class = "ENTAuxNonEnsEtab"
			}
			row(&out[tableAccountsUportal], ",", "\n", account, number, class, id.given+" "+id.surname, id.email, id.phone,
				b.dayText(p.created, "20060102"), b.dayText(p.activated, "20060102"))
		case systemPronote:
			kind := [3]string{"Parent", "Élève", "Professeur"}[p.role]
			if p.role == roleStaff && !p.teacher {
				kind = "Personnel"
			}
			row(&out[tableAccountsCAS], ";", "\r\n", account, number, kind, id.surname+" "+id.given, id.email, id.phone,
				b.dayText(p.created, "02/01/2006"), b.dayText(p.activated, "02/01/2006"))
		}
	}
}

func row(out *bytes.Buffer, delimiter, end string, fields ...string) {
	for i, f := range fields {
		if i > 0 {
			out.WriteString(delimiter)
		}
		out.WriteString(csvField(f, delimiter))
	}
	out.WriteString(end)
}

var subjects = []string{"Mathématiques", "Français", "Histoire-Géographie", "Anglais", "Sciences de la vie", "Éducation musicale"}

func (b *basin) renderPublications(out *bytes.Buffer) {
	for i := range b.schools {
		s := &b.schools[i]
		for ci := range s.classes {
			c := &s.classes[ci]
			for k, ts := range c.pubs {
				assessed, returned := b.assessment(s, c, k)
				row(out, ";", "\r\n", s.uai, c.code, subjects[(k+int(ts/60000))%len(subjects)], b.w.instantText(ts, "02/01/2006 15:04"),
					b.w.dateText(assessed, "02/01/2006"), b.w.dateText(returned, "02/01/2006"))
			}
		}
	}
}

var (
	helpForms = []string{"Présentation", "Tutoriel", "Documentation", "Atelier", "Médiateur numérique", "Parent ressource"}
	helpModes = []string{"Collectif", "Individuel"}
)

// helpCodes are the codes of study.toml for the forms.
var helpCodes = [6]int{1, 2, 2, 3, 3, 4}

// help is one line of the accompaniment register: form is its place in helpForms.
type help struct{ day, form, individual int }

// helpOf is how a parent was accompanied: in one form or two on the same day, and
// one in four again some weeks later, individually after a collective one or the
// other way round. The second time changes nothing.
func (b *basin) helpOf(p *person) []help {
	h := mix(b.r.seed, streamRecords, uint64(p.number), uint64(p.role), 9)
	var lines []help
	for k := range 1 + oneIf(h%20 == 0) {
		lines = append(lines, help{p.helped, int((h>>8 + uint64(k)) % 6), int(h >> 16 % 2)})
	}
	if again := p.helped + 14 + int(h>>24%21); h>>40%4 == 0 && again < b.w.days {
		lines = append(lines, help{again, int((h>>8 + 3) % 6), 1 - int(h>>16%2)})
	}
	return lines
}

// renderRegisters writes the accompaniment register (some parents twice in the
// same week) and the equipment survey (half of the families answer).
func (b *basin) renderRegisters(out *[tableCount]bytes.Buffer) {
	for who := range b.people {
		p := &b.people[who]
		h := mix(b.r.seed, streamRecords, uint64(p.number), uint64(p.role), 9)
		number := strconv.FormatInt(jointure(p), 10)
		switch {
		case p.role == roleParent && p.helped != noDay:
			id := b.r.identity(p)
			for _, l := range b.helpOf(p) {
				row(&out[tableAccompaniment], ";", "\r\n", number, id.given+" "+id.surname, b.dayText(l.day, "02/01/2006"), helpForms[l.form], helpModes[l.individual])
			}
		case p.role == rolePupil && h%2 == 0:
			computer, network, _, silent := b.equipment(p)
			answer := func(v bool, hide bool) string {
				if hide {
					return ""
				}
				return [2]string{"non", "oui"}[oneIf(v)]
			}
			row(&out[tableEquipment], ",", "\n", number, answer(computer, false), answer(network, silent), b.w.date(7).Format(time.DateOnly))
		}
	}
}

// equipment is what a pupil's family has at home, and whether the survey of the
// rentrée has an answer of it; a tenth of those say nothing of the network.
func (b *basin) equipment(p *person) (computer, network, answered, silent bool) {
	h := mix(b.r.seed, streamRecords, uint64(p.number), uint64(p.role), 9)
	ips := float64(b.schools[p.schools[0]].ips) / 10
	computer = logistic(2+(ips-100)/12) > float64(h>>11&0xffff)/0x10000
	network = logistic(2.5+(ips-100)/14) > float64(h>>27&0xffff)/0x10000
	return computer, network, h%2 == 0, h>>45%10 == 0
}

// writeReference writes the schools of the region and the calendar, with the
// headings and the byte order mark of the open data.
func (r *region) writeReference(dir string) error {
	out, err := create(filepath.Join(dir, "raw/reference/etablissements.csv"))
	if err != nil {
		return err
	}
	out.text("\ufeffUAI;Nom;Type;Secteur;EP;IPS;Académie;Zone;id_ent;ouverture\n")
	for i := range r.schools {
		s := &r.schools[i]
		ep := s.ep
		if ep == "REP+" {
			ep = "REPPLUS"
		}
		alias := ""
		if s.system == systemEntcore {
			alias = s.id
		}
		out.text(strings.Join([]string{s.uai, s.name, [3]string{"Ecole", "Collège", "Lycée"}[s.level],
			[2]string{"public", "privé sous contrat"}[oneIf(s.private)], ep, fmt.Sprintf("%d.%d", s.ips/10, s.ips%10),
			academies[s.zone], zoneNames[s.zone], alias, r.w.date(s.rollout).Format(time.DateOnly)}, ";") + "\n")
	}
	if err := out.close(); err != nil {
		return err
	}
	return r.writeCalendar(dir)
}

func (r *region) writeCalendar(dir string) error {
	out, err := create(filepath.Join(dir, "raw/reference/fr-en-calendrier-scolaire.csv"))
	if err != nil {
		return err
	}
	out.text("\ufeffDescription;Population;Date de début;Date de fin;Académies;Zones;annee_scolaire\n")
	for _, h := range r.w.holidays {
		year := schoolYearOf(h.from[0])
		for z := range zoneNames {
			population := "-"
			if h.name == "Vacances d'Été" {
				population = "Élèves"
			}
			out.text(strings.Join([]string{h.name, population, r.instant(h.from[z]), r.instant(h.to[z]), academies[z], "Zone " + zoneNames[z], year}, ";") + "\n")
		}
	}
	return out.close()
}

func (r *region) instant(day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, r.w.paris)
	if err != nil {
		return ""
	}
	return t.Format("2006-01-02T15:04:05-07:00")
}
