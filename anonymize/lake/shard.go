package lake

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest/source/s3"
)

const (
	rowsSuffix   = ".rows"
	ledgerSuffix = ".json"
)

// PutShard gives the store what a shard has decoded, the rows of a delivery before its line of the ledger. What lies
// there already stays: a name is that of a delivery and of how it was read.
func (s *Store) PutShard(ctx context.Context, shard zone.Shard) error {
	if err := s.join(ctx); err != nil {
		return s.fault("shard "+shard.String(), err)
	}
	dir := shard.Dir(s.o.Dir)
	ledger, err := filepath.Glob(filepath.Join(dir, "*"+ledgerSuffix))
	for _, file := range ledger {
		if err == nil {
			err = s.putDecoded(ctx, strings.TrimSuffix(file, ledgerSuffix))
		}
	}
	return s.fault("shard "+shard.String(), err)
}

// join knows the zone by the folder's salt, where another shard of the folder has fetched it.
func (s *Store) join(ctx context.Context) error {
	if s.key != nil {
		return nil
	}
	salt, err := pseudonym.LoadSalt(s.o.Dir)
	if err == nil {
		err = s.own(ctx)
	}
	if err == nil {
		err = s.know(salt)
	}
	return err
}

// putDecoded puts both files of a delivery.
func (s *Store) putDecoded(ctx context.Context, file string) error {
	relative, err := filepath.Rel(s.o.Dir, file)
	if err != nil {
		return err
	}
	object := s.zone + "/" + filepath.ToSlash(relative)
	info, err := os.Stat(file + rowsSuffix)
	if err != nil {
		return err
	}
	sum, err := hashOf(file + rowsSuffix)
	if err != nil {
		return err
	}
	line, err := os.ReadFile(file + ledgerSuffix)
	if err != nil {
		return err
	}
	if err := s.putFile(ctx, object+rowsSuffix, file+rowsSuffix, info.Size(), sum); err != nil {
		return err
	}
	err = s.put(ctx, object+ledgerSuffix, s.seal(object+ledgerSuffix, line))
	if errors.Is(err, s3.ErrThere) {
		return nil
	}
	return err
}

// FetchShards brings what shards have decoded on other machines into the folder, for the ingestion that comes next. Rows
// that are not those of their line of the ledger, whose hash it holds, are not taken there.
func (s *Store) FetchShards(ctx context.Context) error {
	there, err := s.list(ctx)
	if err != nil {
		return s.fault("shards", err)
	}
	s.taken = nil
	for _, object := range slices.Sorted(maps.Keys(there)) {
		if n, ok := parse(object); !ok || n.zone != s.zone || n.kind != "shards" {
			continue
		}
		s.taken = append(s.taken, object)
		rows, ok := strings.CutSuffix(object, ledgerSuffix)
		rows += rowsSuffix
		if _, whole := there[rows]; !ok || !whole || s.waits(object) {
			continue
		}
		if err := s.getDecoded(ctx, rows, object, there[rows].Size); err != nil {
			return s.fault("shards", err)
		}
	}
	return nil
}

// waits reports whether the folder has the file of an object of a shard.
func (s *Store) waits(object string) bool {
	_, err := os.Lstat(s.file(strings.TrimPrefix(object, s.zone+"/")))
	return err == nil
}

// getDecoded gets both files of a delivery, the line of the ledger last.
func (s *Store) getDecoded(ctx context.Context, rows, ledger string, size int64) error {
	sealed, err := s.get(ctx, ledger, mostOfAList)
	if err != nil {
		return err
	}
	line, err := s.unseal(ledger, sealed)
	if err != nil {
		return err
	}
	at := func(object string) string { return s.file(strings.TrimPrefix(object, s.zone+"/")) }
	if err := s.getFile(ctx, rows, at(rows), size, ""); err != nil {
		return err
	}
	if err := s.o.Disk.WriteFile(at(ledger), line, 0o600); err != nil {
		return fmt.Errorf("shards: %w", err)
	}
	return nil
}
