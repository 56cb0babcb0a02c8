package directory

import (
	"context"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// MergeFields are the fields of a table of merges: person, of a profile, is the
// same human being as same_as.
var MergeFields = []tabular.Field{
	{Name: "person", Required: true}, {Name: "same_as", Required: true},
	{Name: "profile", Required: true, Check: vocabulary.Profiles().Check},
}

// readMerges makes of several persons one: of a chain or a group, the one read
// first in the directory.
func (b *builder) readMerges(ctx context.Context) error {
	merged := false
	for i := range b.o.Merges {
		t := &b.o.Merges[i]
		for _, name := range t.Files {
			err := b.table(ctx, name, "merges", t, MergeFields, func(rows *tabular.Rows) ingest.Reason {
				profile, ok := ingest.ParseProfile(rows.Text(2))
				x, y := b.find(profile, rows.Text(0)), b.find(profile, rows.Text(1))
				if !ok || x < 0 || y < 0 {
					return ingest.ReasonUnknownValue
				}
				x, y = b.same(x), b.same(y)
				b.d.Persons[max(x, y)].Same = min(x, y)
				merged = true
				return ""
			})
			if err != nil {
				return err
			}
		}
	}
	if merged {
		b.applyMerges()
	}
	return nil
}

// same follows merges to the person who stays.
func (b *builder) same(i int32) int32 {
	for b.d.Persons[i].Same != i {
		i = b.d.Persons[i].Same
	}
	return i
}

// applyMerges gives the accounts and what is known to the person who stays.
func (b *builder) applyMerges() {
	for i := range b.d.Persons {
		p := &b.d.Persons[i]
		p.Same = b.same(int32(i))
		if p.Same == int32(i) {
			continue
		}
		q := &b.d.Persons[p.Same]
		q.CreatedDay, q.ActivatedDay = first(q.CreatedDay, p.CreatedDay), first(q.ActivatedDay, p.ActivatedDay)
		q.EmailKnown, q.PhoneKnown = max(q.EmailKnown, p.EmailKnown), max(q.PhoneKnown, p.PhoneKnown)
		if q.SocialBand == 0 {
			q.SocialBand = p.SocialBand
		}
	}
	for i := range b.d.Accounts {
		b.d.Accounts[i].Person = b.d.Persons[b.d.Accounts[i].Person].Same
	}
}

// resolveLinks drops the links that a delta replaced, gives those of merged
// persons to the one who stays, and of two that became one pair keeps the one
// with a legal rank. Those of persons who object are counted, and dropped.
func (b *builder) resolveLinks() {
	b.links = nil
	seen := newIndex(func(i int32) [2]int32 { return [2]int32{b.d.Links[i].Child, b.d.Links[i].Guardian} })
	links := b.d.Links[:0]
	objecting := map[[2]int32]bool{}
	for _, l := range b.d.Links {
		if l.LegalRank < 0 {
			continue
		}
		l.Child, l.Guardian = b.d.Persons[l.Child].Same, b.d.Persons[l.Guardian].Same
		pair := [2]int32{l.Child, l.Guardian}
		if b.objects(l.Child) || b.objects(l.Guardian) {
			objecting[pair] = true
			continue
		}
		if at := seen.find(pair); at >= 0 {
			if rank := &links[at].LegalRank; *rank == 0 || l.LegalRank > 0 && l.LegalRank < *rank {
				*rank = l.LegalRank
			}
			continue
		}
		links = append(links, l)
		seen.put(pair, int32(len(links)-1))
	}
	b.d.Links, b.objecting = links, int64(len(objecting))
}
