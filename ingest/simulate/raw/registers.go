package raw

import (
	"math"
	"strconv"
	"time"

	"github.com/entscope/entscope/ingest/simulate/region"
)

var subjects = []string{
	"Mathématiques", "Français", "Histoire-Géographie", "Anglais", "Sciences de la vie", "Éducation musicale",
}

// registers are what schools and the académie keep: each a file, its header and what puts its rows.
var registers = []table{
	{path: "registers/publications.csv", rows: (*basin).publications, latin: true,
		header: "UAI;Classe;Matière;Publié le;Évalué le;Rendu le\r\n"},
	{path: "registers/accompagnement.csv", rows: (*basin).accompaniment,
		header: "Responsable;Nom;Date;Forme;Mode\r\n"},
	{path: "registers/equipement.csv", rows: (*basin).survey,
		header: "Eleve,Ordinateur,Internet fixe,Date\n"},
	{path: "registers/messages.csv", rows: (*basin).messages,
		header: "Message;Fil;UAI;Expéditeur;Profil expéditeur;Destinataire;Profil destinataire;" +
			"Envoyé le;Ouvert le;Destinataires;Octets;Fichier;Réponse avant\n"},
	{path: "registers/contenus.csv", rows: (*basin).contents, header: "UAI;Classe;Publié le;Type;Média\n"},
	{path: "registers/parametres.csv", rows: (*basin).settings, header: "UAI;Paramètre;Valeur;Du;Au\n"},
	{path: "registers/livrets.csv", rows: (*basin).books, header: "UAI;Niveau;Publié le\n"},
	{path: "registers/demarches.csv", rows: (*basin).procedures, years: true,
		header: "Eleve;Démarche;Échéance;Faite le\n"},
	{path: "registers/prets.csv", rows: (*basin).loans, years: true, header: "Eleve;Demandé le;Prêté le;Rendu le\n"},
	{path: "registers/formations.csv", rows: (*basin).training, years: true, header: "UAI;Date;Sessions\n"},
	{path: "registers/reunions.csv", rows: (*basin).meetings, years: true,
		header: "Réunion;Responsable;Date;Présent\n"},
}

// publications puts when grades were published to a class.
func (b *basin) publications(put put) {
	for i := range b.Schools {
		s := &b.Schools[i]
		for ci := range s.Classes {
			c := &s.Classes[ci]
			for k, ts := range c.Published {
				assessed, returned := b.Assessment(s, c, k)
				put(s.UAI, c.Code, subjects[(k+int(ts/60000))%len(subjects)], b.instantText(ts, frenchMinutes),
					b.dateText(assessed, french), b.dateText(returned, french))
			}
		}
	}
}

// accompaniment puts who was accompanied; some parents twice in the same week.
func (b *basin) accompaniment(put put) {
	for who, p := range b.Each(region.RoleParent) {
		if p.Helped == region.NoDay {
			continue
		}
		id := b.identity(p)
		for _, h := range b.HelpOf(p) {
			put(b.id(who), id.given+" "+id.surname, b.dayText(h.Day, french), region.HelpForms[h.Form].Name,
				region.HelpModes[h.Individual])
		}
	}
}

// survey puts what the families that answered have at home.
func (b *basin) survey(put put) {
	day := b.dateText(7, time.DateOnly)
	for who, p := range b.Each(region.RolePupil) {
		home := b.Equipment(p)
		if !home.Answered {
			continue
		}
		network := yes(home.Network)
		if home.Silent {
			network = ""
		}
		put(b.id(who), yes(home.Computer), network, day)
	}
}

// messages puts a row for each recipient of a message.
func (b *basin) messages(put put) {
	number := func(n int64) string { return strconv.FormatInt(int64(b.Number)*10_000_000+n, 36) }
	instant := func(ts int64) string {
		if ts == 0 {
			return ""
		}
		return b.instantText(ts, frenchSeconds)
	}
	for i := range b.Messages {
		m := &b.Messages[i]
		size, file := "", ""
		if m.Bytes >= 0 {
			size, file = strconv.FormatInt(m.Bytes, 10), [2]string{"dépôt", "pièce jointe"}[oneIf(m.Attached)]
		}
		for k, who := range m.Recipients {
			put("m"+number(m.ID), "f"+number(m.Thread), b.Schools[m.School].UAI,
				b.id(m.Sender), registerProfiles.of(&b.People[m.Sender]), b.id(who),
				registerProfiles.of(&b.People[who]), instant(m.TS), instant(m.Opened[k]),
				strconv.Itoa(len(m.Recipients)), size, file, instant(m.Until))
		}
	}
}

// contents puts what was published to a class or a school.
func (b *basin) contents(put put) {
	for _, c := range b.Contents {
		s, class := &b.Schools[c.School], ""
		if c.Class >= 0 {
			class = s.Classes[c.Class].Code
		}
		put(s.UAI, class, b.instantText(c.TS, isoMinutes), c.Kind, yes(c.Media))
	}
}

// settings puts what a school has set, with the days of it.
func (b *basin) settings(put put) {
	day := func(d int) string { return b.dateText(d, time.DateOnly) }
	for i := range b.Schools {
		s := &b.Schools[i]
		switch {
		case !s.Graded():
		case s.DeferFrom == math.MinInt32:
			put(s.UAI, "grades", "différé", "", "")
		case s.DeferFrom >= b.Window.Days:
			put(s.UAI, "grades", "instantané", "", "")
		default:
			put(s.UAI, "grades", "instantané", "", day(s.DeferFrom-1))
			put(s.UAI, "grades", "différé", day(s.DeferFrom), "")
		}
		put(s.UAI, "messages", [3]string{"closed", "principal", "all"}[s.Openness-1], "", "")
		for _, p := range s.Products {
			put(s.UAI, "product", p.Name, day(p.From), day(p.To))
		}
	}
}

// books puts when the report books of a term were published to each grade level.
func (b *basin) books(put put) {
	for i := range b.Schools {
		s := &b.Schools[i]
		for _, day := range b.Window.Terms() {
			if !s.HasBook() || day < s.Rollout {
				continue
			}
			for _, grade := range region.GradeNames[s.Level] {
				put(s.UAI, grade, b.dateText(day, time.DateOnly)+" 18:00")
			}
		}
	}
}

// procedures puts the téléservices that a family may complete.
func (b *basin) procedures(put put) {
	for _, p := range b.Procedures() {
		put(b.id(p.Child), p.Kind, b.dateText(p.Deadline, time.DateOnly), b.dateText(p.Done, time.DateOnly))
	}
}

// loans puts the equipment lent, or waited for.
func (b *basin) loans(put put) {
	for _, l := range b.Loans {
		put(b.id(l.Child), b.dateText(l.Requested, time.DateOnly), b.dayText(l.Start, time.DateOnly),
			b.dayText(l.End, time.DateOnly))
	}
}

// training puts the sessions for the staff of a school: no name.
func (b *basin) training(put put) {
	for i := range b.Schools {
		if s := &b.Schools[i]; s.Trained != region.NoDay {
			put(s.UAI, b.dateText(s.Trained, french), strconv.Itoa(1+s.Number%2))
		}
	}
}

// meetings puts who was invited to a remote meeting, and who came.
func (b *basin) meetings(put put) {
	for _, m := range b.Meetings {
		name := "R" + strconv.Itoa((b.Schools[m.School].Number*100+m.Class)*10+m.Number)
		for i, who := range m.Invited {
			put(name, b.id(who), b.dateText(m.Day, french), yes(m.Joined[i]))
		}
	}
}

func yes(b bool) string { return [2]string{"non", "oui"}[oneIf(b)] }
