package kubernetes

import (
	"context"
	"net/http"
	"time"

	"go.uber.org/zap"
)

// When a Lease was first seen in this state, by our own clock: clocks of nodes differ.
type sight struct {
	version string
	at      time.Time
}

// A lock of this Caddy.
type held struct {
	lease lease
	lost  bool
	stop  chan struct{}
	ended chan struct{}
}

// Lock waits for the lock. It takes a lock that has not been renewed for a lease's duration: its
// holder is gone. While the API is away it waits, as it does for a holder.
func (s *Storage) Lock(ctx context.Context, name string) error {
	for {
		ok, err := s.TryLock(ctx, name)
		if ok {
			return nil
		}
		if err != nil && !isAway(err) {
			return err
		}
		if err != nil {
			s.log.Warn("waiting for a lock", zap.String("lock", name), zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(s.poll):
		}
	}
}

// TryLock takes the lock if it is free, or its holder has been seen to be gone.
func (s *Storage) TryLock(ctx context.Context, name string) (bool, error) {
	object := s.newLease(name)
	url := s.api.leases() + "/" + object.Metadata.Name
	var there lease
	err := s.api.get(ctx, url, &there)
	switch {
	case isStatus(err, http.StatusNotFound):
		err = s.api.call(ctx, http.MethodPost, s.api.leases(), object, &there)
	case err != nil:
		return false, err
	case s.isAlive(name, there):
		return false, nil
	default:
		s.log.Warn("taking a lock that its holder has not renewed",
			zap.String("lock", name), zap.String("holder", there.Spec.HolderIdentity))
		object.Metadata.UID = there.Metadata.UID
		// Another one that does the same at this moment gets a conflict, or we do.
		object.Metadata.ResourceVersion = there.Metadata.ResourceVersion
		err = s.api.call(ctx, http.MethodPut, url, object, &there)
	}
	if isStatus(err, http.StatusConflict) || isStatus(err, http.StatusNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	lock := &held{lease: there, stop: make(chan struct{}), ended: make(chan struct{})}
	s.mu.Lock()
	delete(s.seen, name)
	s.held[name] = lock
	s.mu.Unlock()
	go s.renew(name, lock)
	return true, nil
}

func (s *Storage) newLease(name string) lease {
	now := microTime(time.Now())
	return lease{
		APIVersion: "coordination.k8s.io/v1",
		Kind:       "Lease",
		Metadata: metadata{
			Name:        nameOf(name),
			Labels:      map[string]string{labelEntry: "lock"},
			Annotations: map[string]string{keyOf: name},
		},
		Spec: leaseSpec{
			HolderIdentity:       s.holder,
			LeaseDurationSeconds: max(1, int(s.leaseDuration.Seconds())),
			AcquireTime:          now,
			RenewTime:            now,
		},
	}
}

// Whether the holder has renewed its lease, as far as we have been looking.
func (s *Storage) isAlive(name string, there lease) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen, ok := s.seen[name]
	if !ok || seen.version != there.Metadata.ResourceVersion {
		s.seen[name] = sight{there.Metadata.ResourceVersion, time.Now()}
		return true
	}
	return time.Since(seen.at) < s.leaseDuration
}

// Renews a lock until it is released, or another has taken it.
func (s *Storage) renew(name string, lock *held) {
	defer close(lock.ended)
	ticker := time.NewTicker(s.leaseDuration / 3)
	defer ticker.Stop()
	url := s.api.leases() + "/" + lock.lease.Metadata.Name
	for {
		select {
		case <-lock.stop:
			return
		case <-ticker.C:
		}
		lock.lease.Spec.RenewTime = microTime(time.Now())
		var renewed lease
		err := s.api.once(context.Background(), http.MethodPut, url, lock.lease, &renewed)
		switch {
		case err == nil:
			lock.lease = renewed
		case isStatus(err, http.StatusConflict) && s.isOurs(url, lock):
			// The answer to the last one got lost.
		case isStatus(err, http.StatusConflict) || isStatus(err, http.StatusNotFound):
			s.log.Error("another has taken the lock", zap.String("lock", name), zap.Error(err))
			lock.lost = true
			return
		default:
			s.log.Warn("the lock is not renewed", zap.String("lock", name), zap.Error(err))
		}
	}
}

func (s *Storage) isOurs(url string, lock *held) bool {
	var there lease
	err := s.api.once(context.Background(), http.MethodGet, url, nil, &there)
	if err != nil || there.Spec.HolderIdentity != s.holder || there.Metadata.UID != lock.lease.Metadata.UID {
		return false
	}
	lock.lease = there
	return true
}

// Unlock releases the lock. What cannot be released ends a lease's duration later.
func (s *Storage) Unlock(ctx context.Context, name string) error {
	s.mu.Lock()
	lock := s.held[name]
	delete(s.held, name)
	s.mu.Unlock()
	if lock == nil {
		return nil
	}
	close(lock.stop)
	<-lock.ended
	if lock.lost {
		return nil
	}
	url := s.api.leases() + "/" + lock.lease.Metadata.Name
	release := func() error {
		return s.api.call(ctx, http.MethodDelete, url, deleteOptions{
			APIVersion:    "v1",
			Kind:          "DeleteOptions",
			Preconditions: &preconditions{lock.lease.Metadata.UID, lock.lease.Metadata.ResourceVersion},
		}, nil)
	}
	err := release()
	if isStatus(err, http.StatusConflict) && s.isOurs(url, lock) {
		err = release()
	}
	if isStatus(err, http.StatusConflict) || isStatus(err, http.StatusNotFound) {
		return nil
	}
	return err
}
