package study

import "github.com/entscope/entscope/ingest/join"

// Limits bound the batch.
type Limits struct {
	// MiB, at least 192: 40 % for the engine, the rest for Go
	MemoryMB int `toml:"memory_mb" need:"yes" example:"2048"`
	// threads of the engine and of ingestion
	Threads int `toml:"threads" need:"yes" example:"2"`
	// above 0, at most 1: a delivery with a larger share of rejected records is set aside; a feed ends the run (exit
	// code 5)
	MaxRejectShare float64 `toml:"max_reject_share" need:"yes" example:"0.02"`
	// 0.5 if unset: the least share of the accounts of a feed that the directory knows, and of each other join; below,
	// the run ends (exit code 5)
	MinKnownShare *float64 `toml:"min_known_share" example:"0.5"`
	// 0.8 if unset: a join below this share is a warning (exit code 3)
	SureKnownShare *float64 `toml:"sure_known_share" example:"0.8"`
	// 0.1 if unset: the share of pupils, links, accounts of a list or rows of a register that may be gone since they
	// were accepted last; beyond, the run ends (exit code 5), and from 0.4 % on it is a warning
	MaxLossShare *float64 `toml:"max_loss_share" example:"0.1"`
}

// Shares a study need not set.
const (
	minKnownShare  = 0.5
	sureKnownShare = 0.8
	maxLossShare   = 0.1
)

// Joins are the floors of the joins.
func (l *Limits) Joins() join.Floors {
	known := shareOr(l.MinKnownShare, minKnownShare)
	return join.Floors{Known: known, Sure: shareOr(l.SureKnownShare, max(known, sureKnownShare))}
}

// LossShare is the share of a table that may be gone.
func (l *Limits) LossShare() float64 { return shareOr(l.MaxLossShare, maxLossShare) }

func shareOr(share *float64, unset float64) float64 {
	if share == nil {
		return unset
	}
	return *share
}

func (s *Study) checkLimits(fault func(string, ...any)) {
	joins, loss := s.Limits.Joins(), s.Limits.LossShare()
	for _, l := range []struct {
		key    string
		within bool
		format string
		value  any
	}{
		{"memory_mb", s.Limits.MemoryMB >= 192, "%d is not at least 192", s.Limits.MemoryMB},
		{"threads", s.Limits.Threads >= 1, "%d is not at least 1", s.Limits.Threads},
		{"max_reject_share", s.Limits.MaxRejectShare > 0 && s.Limits.MaxRejectShare <= 1,
			"%g is not above 0 and at most 1", s.Limits.MaxRejectShare},
		{"min_known_share", isShare(joins.Known), "%g is not a share from 0 to 1", joins.Known},
		{"sure_known_share", isShare(joins.Sure) && joins.Sure >= joins.Known,
			"%g is not a share from min_known_share to 1", joins.Sure},
		{"max_loss_share", isShare(loss), "%g is not a share from 0 to 1", loss},
	} {
		if path := "limits." + l.key; !l.within && s.lines[path] > 0 {
			fault("%s: "+l.format, s.where(path, path), l.value)
		}
	}
}

func isShare(x float64) bool { return x >= 0 && x <= 1 }
