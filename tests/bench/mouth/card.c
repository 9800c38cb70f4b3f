/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A sound card made of a clock: a plugin for ALSA that plays and hears at 48 kHz of CLOCK_MONOTONIC,
 * with periods that wake who waits for them and gaps where somebody is late, as hardware does. What is
 * played lands in a file at the sample of its moment, what is heard comes round each second. */

#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define RATE 48000
#define SECOND 1000000000LL

struct card {
	snd_pcm_ioplug_t io;
	/* Mono, 16 bits: one second of it for the microphone, all since `epoch` of the loudspeaker. */
	int file, gaps;
	int16_t said[RATE];
	int64_t epoch;
	/* Not running: -1. */
	int64_t began;
	snd_pcm_uframes_t avail_min;
	/* Since it began, by whoever writes or reads. */
	int64_t moved;
	/* Written before it began. */
	int16_t *early;
};

static int64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SECOND + time.tv_nsec;
}

static struct timespec timespec_of(int64_t nanoseconds)
{
	return (struct timespec){ nanoseconds / SECOND, nanoseconds % SECOND };
}

/* Of a moment, in samples since the epoch. */
static int64_t sample_at(const struct card *card, int64_t moment)
{
	return (moment - card->epoch) / 1000 * RATE / (SECOND / 1000);
}

static int64_t passed(const struct card *card)
{
	return card->began < 0 ? 0 : (now() - card->began) / 1000 * RATE / (SECOND / 1000);
}

static int64_t available(const struct card *card)
{
	int64_t ahead = card->moved - passed(card);
	return card->io.stream == SND_PCM_STREAM_PLAYBACK ? (int64_t)card->io.buffer_size - ahead : -ahead;
}

static bool has_gap(const struct card *card)
{
	return card->began >= 0 && available(card) > (int64_t)card->io.buffer_size;
}

static void play(struct card *card, const int16_t *samples, int64_t at, snd_pcm_uframes_t count)
{
	int64_t sample = sample_at(card, card->began) + at;
	ssize_t done = sample < 0 ? 0 : pwrite(card->file, samples, 2 * count, 2 * sample);
	(void)done;
}

static int start(snd_pcm_ioplug_t *io)
{
	struct card *card = io->private_data;
	int64_t period = (int64_t)io->period_size * SECOND / RATE;
	card->began = now();
	if (io->stream == SND_PCM_STREAM_PLAYBACK)
		play(card, card->early, 0, card->moved);
	struct itimerspec timer = { timespec_of(period), timespec_of(card->began + period) };
	return timerfd_settime(io->poll_fd, TFD_TIMER_ABSTIME, &timer, NULL) < 0 ? -errno : 0;
}

static int stop(snd_pcm_ioplug_t *io)
{
	struct card *card = io->private_data;
	struct itimerspec never = { 0 };
	card->began = -1;
	timerfd_settime(io->poll_fd, 0, &never, NULL);
	return 0;
}

static int prepare(snd_pcm_ioplug_t *io)
{
	struct card *card = io->private_data;
	card->moved = 0;
	return stop(io);
}

static snd_pcm_sframes_t pointer(snd_pcm_ioplug_t *io)
{
	struct card *card = io->private_data;
	if (has_gap(card)) {
		ssize_t done = write(card->gaps, ".", 1);
		(void)done;
		stop(io);
		return -EPIPE;
	}
	return passed(card) % (int64_t)io->buffer_size;
}

static snd_pcm_sframes_t transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
				  snd_pcm_uframes_t offset, snd_pcm_uframes_t size)
{
	struct card *card = io->private_data;
	int16_t *samples = (int16_t *)((char *)areas->addr + (areas->first + offset * areas->step) / 8);
	if (io->stream == SND_PCM_STREAM_CAPTURE) {
		int64_t from = sample_at(card, card->began) + card->moved;
		for (snd_pcm_uframes_t at = 0; at < size; at++)
			samples[at] = card->said[(from + (int64_t)at) % RATE];
	} else if (card->began >= 0) {
		play(card, samples, card->moved, size);
	} else {
		memcpy(card->early + card->moved, samples, 2 * size);
	}
	card->moved += (int64_t)size;
	return (snd_pcm_sframes_t)size;
}

static int hw_params(snd_pcm_ioplug_t *io, snd_pcm_hw_params_t *params)
{
	struct card *card = io->private_data;
	(void)params;
	free(card->early);
	card->early = calloc(io->buffer_size, 2);
	return card->early ? 0 : -ENOMEM;
}

static int sw_params(snd_pcm_ioplug_t *io, snd_pcm_sw_params_t *params)
{
	struct card *card = io->private_data;
	return snd_pcm_sw_params_get_avail_min(params, &card->avail_min);
}

/* A period is over. That is worth something only if there is enough by now. */
static int poll_revents(snd_pcm_ioplug_t *io, struct pollfd *poll, unsigned int count, unsigned short *revents)
{
	struct card *card = io->private_data;
	uint64_t ticks;
	(void)count;
	*revents = 0;
	if (poll->revents & POLLIN) {
		ssize_t done = read(io->poll_fd, &ticks, sizeof ticks);
		(void)done;
		if (available(card) >= (int64_t)card->avail_min)
			*revents = io->stream == SND_PCM_STREAM_PLAYBACK ? POLLOUT : POLLIN;
	}
	return 0;
}

static int close_card(snd_pcm_ioplug_t *io)
{
	struct card *card = io->private_data;
	close(io->poll_fd);
	close(card->file);
	close(card->gaps);
	free(card->early);
	free(card);
	return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
	.start = start,
	.stop = stop,
	.prepare = prepare,
	.pointer = pointer,
	.transfer = transfer,
	.hw_params = hw_params,
	.sw_params = sw_params,
	.poll_revents = poll_revents,
	.close = close_card,
};

/* As a USB headset has it: mono at 48 kHz, periods of 1 ms or more. */
static int limit(snd_pcm_ioplug_t *io)
{
	static const unsigned int access[] = { SND_PCM_ACCESS_RW_INTERLEAVED };
	static const unsigned int format[] = { SND_PCM_FORMAT_S16_LE };
	int error = 0;
	error = error ?: snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 1, access);
	error = error ?: snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, format);
	error = error ?: snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, 1, 1);
	error = error ?: snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, RATE, RATE);
	error = error ?: snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 2 * RATE / 1000, RATE);
	error = error ?: snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, 4 * RATE / 1000, 4 * RATE);
	return error ?: snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 1024);
}

/* `place` is a directory with a file `said`; `epoch` is in full seconds of the clock. */
static int configured(snd_config_t *conf, const char **place, long *epoch)
{
	snd_config_iterator_t at, next;
	*place = NULL, *epoch = -1;
	snd_config_for_each(at, next, conf) {
		snd_config_t *entry = snd_config_iterator_entry(at);
		const char *key;
		if (snd_config_get_id(entry, &key) < 0)
			continue;
		if (!strcmp(key, "place"))
			snd_config_get_string(entry, place);
		else if (!strcmp(key, "epoch"))
			snd_config_get_integer(entry, epoch);
	}
	return *place && *epoch >= 0 ? 0 : -EINVAL;
}

static int open_in(const char *place, const char *name, int flags)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", place, name);
	return open(path, flags | O_CLOEXEC, 0600);
}

SND_PCM_PLUGIN_DEFINE_FUNC(clockwork)
{
	const char *place;
	long epoch;
	(void)root;
	int error = configured(conf, &place, &epoch);
	if (error < 0)
		return error;
	struct card *card = calloc(1, sizeof *card);
	if (!card)
		return -ENOMEM;
	bool plays = stream == SND_PCM_STREAM_PLAYBACK;
	card->epoch = epoch * SECOND;
	card->began = -1;
	card->file = plays ? open_in(place, "heard", O_WRONLY | O_CREAT) : open_in(place, "said", O_RDONLY);
	card->gaps = open_in(place, plays ? "gaps-heard" : "gaps-said", O_WRONLY | O_CREAT | O_APPEND);
	if (card->file < 0 || card->gaps < 0 ||
	    (!plays && read(card->file, card->said, sizeof card->said) != sizeof card->said)) {
		error = -EIO;
		goto failed;
	}
	card->io.version = SND_PCM_IOPLUG_VERSION;
	card->io.name = "clockwork";
	card->io.callback = &callbacks;
	card->io.private_data = card;
	card->io.poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	card->io.poll_events = POLLIN;
	error = snd_pcm_ioplug_create(&card->io, name, stream, mode);
	if (error < 0)
		goto failed;
	error = limit(&card->io);
	if (error < 0) {
		/* Closes it as well. */
		snd_pcm_ioplug_delete(&card->io);
		return error;
	}
	*pcmp = card->io.pcm;
	return 0;
failed:
	close(card->file);
	close(card->gaps);
	free(card);
	return error;
}

SND_PCM_PLUGIN_SYMBOL(clockwork);
